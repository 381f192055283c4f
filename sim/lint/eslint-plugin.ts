/**
 * The ESLint plugin: `import txsim from 'txsim/eslint-plugin'`, and `txsim.configs.recommended` in the configuration.
 *
 * @packageDocumentation
 */
import type { ESLint, Linter } from 'eslint';
import { yieldServices } from './yield-services.ts';

const plugin: ESLint.Plugin = {
  meta: { name: 'txsim' },
  rules: { 'yield-services': yieldServices },
};

const recommended: Linter.Config = {
  name: 'txsim/recommended',
  plugins: { txsim: plugin },
  rules: { 'txsim/yield-services': 'error' },
};

export default { ...plugin, configs: { recommended } };
