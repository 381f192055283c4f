/** The looks of the controls of a live page, beside those of a report. */
export const LIVE_STYLE = `
.toolbar .slot { flex: 1 1 100%; flex-wrap: wrap; gap: 6px 14px; order: 9; }
.slot .group { max-width: 100%; }
.slot .group > * { border-radius: 0; margin-left: -1px; }
.slot select, .slot input.goal { min-width: 0; flex-shrink: 1; }
.slot button { white-space: nowrap; }
.slot .group > :first-child { border-radius: 6px 0 0 6px; margin-left: 0; }
.slot .group > :last-child { border-radius: 0 6px 6px 0; }
.slot .group > :only-child { border-radius: 6px; }
.slot .label { align-self: center; padding: 0 8px 0 0; color: var(--dim); font-size: 12.5px; }
.slot select, .slot input {
  font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); padding: 4px 8px;
}
.slot input.short { width: 74px; }
.slot input.goal { width: 190px; }
.slot button.primary { min-width: 92px; font-weight: 600; background: var(--accent-soft); color: var(--accent); }
.slot button:disabled { opacity: 0.5; cursor: default; }
.slot [hidden] { display: none; }
.slot .clock { font-family: var(--mono); font-size: 13px; min-width: 118px; align-self: center; }
.slot .live-says { flex: 1 1 200px; align-self: center; font-size: 12.5px; color: var(--dim); }
.slot .live-says.wrong { color: var(--bad); }
`;
