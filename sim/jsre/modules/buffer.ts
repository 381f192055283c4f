import { bufferClass } from '../runtime/buffer.ts';
import { defineModule } from '../runtime/module-registry.ts';

defineModule('buffer', (task) => ({ Buffer: bufferClass(task.realm) }));
