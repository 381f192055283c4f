import { mountReport } from '../../sim/report-page/page/page.ts';
import type { ReportSink } from '../../sim/report-page/source.ts';

declare global {
  /** What a test feeds the page through. */
  var sink: ReportSink;
}

const page = mountReport(document.body, {
  mode: 'live',
  open: (sink) => {
    globalThis.sink = sink;
  },
});
page.slot.append(Object.assign(document.createElement('button'), { textContent: 'Pause' }));
