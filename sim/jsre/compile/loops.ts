/** Loops: each pass counts, so that a loop that calls nothing takes time as well. */
import type { AnyNode, DoWhileStatement, ForInStatement, ForOfStatement, ForStatement, WhileStatement } from 'acorn';
import type { Rewriter } from './rewriter.ts';
import { isThere } from './syntax.ts';
import { makesClass } from './uses.ts';

type Loop = WhileStatement | DoWhileStatement | ForStatement | ForInStatement | ForOfStatement;

export function rewriteLoop(rewriter: Rewriter, node: Loop): void {
  if (node.type === 'DoWhileStatement') {
    rewriteBody(rewriter, node.body);
    rewriteHead(rewriter, node.test, makesClass(node.test));
    return;
  }
  for (const part of headOf(node)) rewriteHead(rewriter, part.node, part.bindsPerPass);
  rewriteBody(rewriter, node.body);
}

/** What stands between the parentheses; functions that are made there may see other variables at each pass. */
function headOf(node: Exclude<Loop, DoWhileStatement>): readonly { node: AnyNode; bindsPerPass: boolean }[] {
  // What a class keeps is its own: it is another one at each pass.
  if (node.type === 'WhileStatement') return [{ node: node.test, bindsPerPass: makesClass(node.test) }];
  const parts: readonly (AnyNode | null | undefined)[] =
    node.type === 'ForStatement' ? [node.init, node.test, node.update] : [node.left, node.right];
  return parts.flatMap((part) => (isThere(part) ? [{ node: part, bindsPerPass: true }] : []));
}

function rewriteHead(rewriter: Rewriter, node: AnyNode, bindsPerPass: boolean): void {
  rewriter.within(bindsPerPass ? { scope: null } : {}, () => rewriter.visit(node));
}

function rewriteBody(rewriter: Rewriter, body: AnyNode): void {
  const { prefix } = rewriter;
  const count = rewriter.state.cooperative
    ? ` if (--${prefix}.f < 0) yield* ${prefix}.t();`
    : ` if (--${prefix}.f < 0) ${prefix}.s();`;
  if (body.type === 'BlockStatement') return rewriter.block(body.start + 1, body.body, count);
  rewriter.edits.at(body.start, '{');
  const scope = { kept: [] };
  rewriter.declare(body.start, scope, [], count);
  rewriter.within({ scope }, () => rewriter.visit(body));
  rewriter.edits.at(body.end, '}');
}
