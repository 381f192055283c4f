import js from '@eslint/js';
import { register } from 'tsx/esm/api';
import tseslint from 'typescript-eslint';

register();
const { default: txsim } = await import('./sim/lint/eslint-plugin.ts');

const hostTime = [
  { object: 'Math', property: 'random', message: 'take randomness from a seeded stream (kernel/ports.ts)' },
  { object: 'Date', property: 'now', message: 'take the time from the world clock (kernel/ports.ts)' },
  { object: 'performance', property: 'now', message: 'take the time from the world clock (kernel/ports.ts)' },
];
const hostGlobals = [
  'Date',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
].map((name) => ({ name, message: 'host time and randomness enter through sim/host/ only' }));
const layer = (files, forbidden) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: forbidden.map(([regex, message]) => ({ regex, message })) }],
  },
});
const noNode = ['^node:', 'the core runs in a browser too: no node: module here'];
const noForge = ['^node-forge', 'node-forge is used in secure/crypto and secure/x509 only'];
const noUpward = (names, why) => [`^(\\.\\./)+(${names})/|^txsim`, why];

export default tseslint.config(
  // The scripts of JSRE are as they were published.
  { ignores: ['dist/', 'txsim-out/', 'coverage/', 'apps/jsre/**/*.js'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './sim/report-page/page/tsconfig.json',
          './sim/live/page/tsconfig.json',
          './test/browser/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/strict-boolean-expressions': ['error', { allowNullableBoolean: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      // A callback that only takes notes may be a generator without a yield.
      'require-yield': 'off',
      'no-restricted-properties': ['error', ...hostTime],
      'no-restricted-globals': ['error', ...hostGlobals],
      eqeqeq: 'error',
    },
  },
  layer(['kernel/**'], [noNode, noForge, noUpward('netx|secure|sim|apps', 'kernel imports nothing above it')]),
  layer(['netx/**'], [noNode, noForge, noUpward('secure|sim|apps', 'netx imports only the kernel')]),
  layer(['secure/**'], [noNode, noForge, noUpward('sim|apps', 'secure imports only netx and kernel')]),
  layer(['secure/crypto/**', 'secure/x509/**'], [noNode, noUpward('sim|apps', 'secure imports only netx and kernel')]),
  layer(
    ['secure/crypto/node-provider.ts', 'secure/crypto/node/**'],
    [['^node:(?!crypto)', 'the provider imports node:crypto and nothing else of node']],
  ),
  layer(
    ['sim/**'],
    [
      ['^node:dgram', 'sockets are opened in sim/host/ only'],
      ['^node:vm', 'scripts run in sim/jsre/ only'],
      ['/apps/', 'sim does not import the examples'],
      noForge,
    ],
  ),
  layer(
    ['sim/jsre/**'],
    [['^node:dgram', 'sockets are opened in sim/host/ only'], ['/apps/', 'sim does not import the examples'], noForge],
  ),
  layer(['sim/host/**'], [['/apps/', 'sim does not import the examples']]),
  { ...txsim.configs.recommended, files: ['apps/**', 'test/**'] },
  // What happens without yield* is what these are about.
  { files: ['test/kernel/misuse.test.ts'], rules: { 'txsim/yield-services': 'off' } },
  layer(['apps/**'], [['^(\\.\\./)+(kernel|netx|secure|sim)/', 'an app imports txsim by its public names'], noForge]),
  {
    files: [
      'sim/host/**',
      'sim/live/{host,pacer}.ts',
      'sim/live/page/**',
      'sim/report-page/page/**',
      'sim/cli/explore/pool.ts',
      'sim/cli/explore/progress.ts',
      'test/**',
      'apps/**/*.test.ts',
    ],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
  },
  {
    // node:test returns promises that its runner awaits by itself.
    files: ['test/**', 'apps/**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'describe', 'it'] }] },
      ],
    },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
);
