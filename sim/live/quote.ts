/** A text as TypeScript has it, for lines that go into a scenario. */
export const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
