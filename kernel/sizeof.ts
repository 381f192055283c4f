/** What a control block takes on a 32-bit target, in bytes: `sizeof(NX_PACKET)`. */
export function sizeof(type: { readonly sizeof: number }): number {
  return type.sizeof;
}
