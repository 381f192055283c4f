/** Classes. The constructor of one that extends nothing may wait; that of one that does cannot, nor can fields. */
import type { AnyNode, ClassDeclaration, ClassExpression } from 'acorn';
import { rewriteFunction } from './functions.ts';
import type { FunctionState, Rewriter } from './rewriter.ts';
import { isThere } from './syntax.ts';

type ClassNode = ClassDeclaration | ClassExpression | Extract<AnyNode, { type: 'ClassDeclaration' }>;

/** The state of code of a class that is part of no function. */
const FIELD: FunctionState = {
  cooperative: false,
  temporaries: [],
  argumentsName: null,
  superName: null,
  newTargetName: null,
  calleeName: null,
};

export function rewriteClass(rewriter: Rewriter, node: ClassNode): void {
  const { edits, prefix } = rewriter;
  if (isThere(node.superClass)) rewriter.visit(node.superClass);
  const begin = node.body.start + 1;
  const members = node.body.body;
  const isDerived = isThere(node.superClass);
  const hasConstructor = members.some((one) => one.type === 'MethodDefinition' && one.kind === 'constructor');
  const hasFields = members.some((one) => one.type === 'PropertyDefinition' && !one.static);
  if (isDerived && !hasConstructor) {
    edits.at(begin, ` constructor(...args) { ${prefix}.p(); super(...args); }`);
  }
  // Fields are made before the constructor begins, and what they call is not what `new` called.
  const kept = `#${rewriter.name()}`;
  if (!isDerived && hasFields) edits.at(begin, ` ${kept} = ${prefix}.p();`);
  for (const member of members) rewriteMember(rewriter, member, isDerived);
  if (!isDerived && hasFields) edits.at(node.body.end - 1, `;${kept}r = ${prefix}.r(this.${kept}); `);
}

function rewriteMember(rewriter: Rewriter, member: AnyNode, isDerived: boolean): void {
  if (member.type === 'StaticBlock') {
    rewriter.within({ state: FIELD }, () => rewriter.block(rewriter.tokens.from(member.start, '{').end, member.body));
    return;
  }
  if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') return rewriter.visit(member);
  if (member.computed) rewriter.visit(member.key);
  const key = rewriter.script.source.slice(member.key.start, member.key.end);
  if (member.type === 'PropertyDefinition') {
    const { value } = member;
    if (!isThere(value)) return;
    rewriter.givenNames.set(value, key);
    rewriter.within({ state: FIELD }, () => rewriter.visit(value));
    return;
  }
  const form =
    member.kind === 'get' || member.kind === 'set'
      ? 'accessor'
      : member.kind === 'method'
        ? 'method'
        : isDerived
          ? 'derived constructor'
          : 'constructor';
  rewriteFunction(rewriter, member.value, form, member.kind === 'constructor' ? 'new' : key);
}
