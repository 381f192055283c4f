import { mountReport } from './page.ts';
import { fileSource } from './source-file.ts';

mountReport(document.body, fileSource);
