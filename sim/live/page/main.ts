import { mountReport } from '../../report-page/page/page.ts';
import { LiveControls } from './controls.ts';
import { liveSource } from './live-source.ts';

const controls = new LiveControls();
const page = mountReport(
  document.body,
  liveSource({
    state: (state) => controls.show(state),
    lost: () => controls.lost(),
  }),
);
page.slot.append(...controls.elements);
