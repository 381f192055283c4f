/** The modules that scripts can require; importing this offers them. */
import './events.ts';
import './iosched.ts';
import './timers.ts';
import './sys.ts';
import './fs.ts';
import './buffer.ts';
import './console.ts';
import './task.ts';
import './dtls/index.ts';
import './socket/index.ts';
