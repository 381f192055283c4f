import type { Rule, Scope } from 'eslint';

/** The modules whose functions are services. */
const FACES = /^txsim\/(tx_api|nx_api|nx_secure_(tls|dtls)_api|nxd_dhcp_client)$/;
/** How services are named; `nx_crypto_…` are tables and their makers. */
const SERVICE = /^_?(tx|nx|nxd)_(?!crypto_)[a-z]/;

/** Whether an identifier is, where it stands, a service imported from one of the faces; gives the service's name. */
function serviceName(scope: Scope.Scope, name: string): string | null {
  for (let current: Scope.Scope | null = scope; current !== null; current = current.upper) {
    const variable = current.set.get(name);
    if (variable === undefined) continue;
    const [definition] = variable.defs;
    if (definition?.type !== 'ImportBinding') return null;
    const { node, parent } = definition;
    if (typeof parent.source.value !== 'string' || !FACES.test(parent.source.value)) return null;
    if (node.type !== 'ImportSpecifier') return null;
    const imported = node.imported.type === 'Identifier' ? node.imported.name : String(node.imported.value);
    return SERVICE.test(imported) ? imported : null;
  }
  return null;
}

/** The service that `nx.nx_packet_release` names, where `nx` is a whole face, imported under one name. */
function memberName(scope: Scope.Scope, object: string, property: string): string | null {
  for (let current: Scope.Scope | null = scope; current !== null; current = current.upper) {
    const definition = current.set.get(object)?.defs[0];
    if (definition === undefined) continue;
    if (definition.type !== 'ImportBinding' || definition.node.type !== 'ImportNamespaceSpecifier') return null;
    const { value } = definition.parent.source;
    return typeof value === 'string' && FACES.test(value) && SERVICE.test(property) ? property : null;
  }
  return null;
}

/** The function around a node, or null at the top of a module. */
function functionAround(node: Rule.Node): Rule.Node | null {
  for (let current: Rule.Node | null = node.parent; current !== null; current = current.parent) {
    if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(current.type)) return current;
  }
  return null;
}

const isGenerator = (node: Rule.Node | null): boolean =>
  node !== null && 'generator' in node && node.generator === true;

/** Whether the operation that a call gives is run here, or handed to a caller who runs it. */
function isRun(call: Rule.Node): boolean {
  const { parent } = call;
  switch (parent?.type) {
    case 'YieldExpression':
      return parent.delegate;
    case 'ArrowFunctionExpression':
      return parent.body === call;
    case 'ReturnStatement':
      return !isGenerator(functionAround(call));
    case 'ConditionalExpression':
      return parent.test !== call && isRun(parent);
    default:
      return false;
  }
}

/**
 * ESLint rule: a call of a service (`tx_*`, `nx_*`, `nxd_*`) is the operand of `yield*`, or is returned by a plain function
 * to somebody who runs it. A forgotten `yield*` is put in by `--fix` where the function around the call is a generator.
 */
export const yieldServices: Rule.RuleModule = {
  meta: {
    type: 'problem',
    fixable: 'code',
    docs: { description: 'require yield* before calls of ThreadX and NetX services' },
    messages: {
      forgotten: '{{service}}() was called without yield*: it does not wait, and the thread does not switch',
      plain: '{{service}}() was called in a function that is no generator: write function* and yield* {{service}}(…)',
    },
    schema: [],
  },
  create(context) {
    return {
      CallExpression(node) {
        const { callee } = node;
        const scope = context.sourceCode.getScope(node);
        let service: string | null = null;
        if (callee.type === 'Identifier') {
          service = serviceName(scope, callee.name);
        } else if (
          callee.type === 'MemberExpression' &&
          callee.object.type === 'Identifier' &&
          callee.property.type === 'Identifier' &&
          !callee.computed
        ) {
          service = memberName(scope, callee.object.name, callee.property.name);
        }
        if (service === null || isRun(node)) return;
        const around = functionAround(node);
        if (!isGenerator(around)) {
          context.report({ node, messageId: 'plain', data: { service } });
          return;
        }
        const { parent } = node;
        const fix = (fixer: Rule.RuleFixer): Rule.Fix | Rule.Fix[] => {
          // `yield nx_x()` has half of it; anywhere but in a statement of its own the operand needs its parentheses.
          if (parent.type === 'YieldExpression')
            return fixer.insertTextAfterRange([parent.range?.[0] ?? 0, (parent.range?.[0] ?? 0) + 5], '*');
          if (/^(ExpressionStatement|VariableDeclarator|AssignmentExpression|ReturnStatement)$/.test(parent.type))
            return fixer.insertTextBefore(node, 'yield* ');
          return [fixer.insertTextBefore(node, '(yield* '), fixer.insertTextAfter(node, ')')];
        };
        context.report({ node, messageId: 'forgotten', data: { service }, fix });
      },
    };
  },
};
