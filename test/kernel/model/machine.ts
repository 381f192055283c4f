/**
 * ThreadX's rules once more, as plainly as they can be put: arrays, one tick after the other, everything looked up anew.
 * Slow, and different from the kernel in every way but its answers.
 */
import { CAPACITY, FOREVER, MUTEXES, QUEUES, SEMAPHORES, TICKS, UNIT, type Program, type Step } from './program.ts';

const TICK = 10_000_000;
const SLOTS = 32;

interface Timed {
  remaining: number;
  expire(): void;
  /** Ticks to the next expiry, for a periodic timer. */
  readonly reschedule: number;
}

class Task {
  readonly name: string;
  readonly steps: readonly Step[];
  userPriority: number;
  userThreshold: number;
  priority: number;
  threshold: number;
  readonly wholeSlice: number;
  slice: number;
  state: 'ready' | 'suspended' | 'waiting' | 'over' = 'suspended';
  pc = 0;
  /** The status of the step that was done last, until the task has seen it. */
  result: number | null = null;
  work = 0;
  suspendsNext = false;
  waitsIn: Task[] | null = null;
  wakes: ((task: Task) => boolean) | null = null;
  timeoutStatus = 0;
  timeout: Timed | null = null;
  message: number | null = null;
  front = false;
  wanted = { clear: false };
  readonly owns: Mutex[] = [];

  constructor(name: string, priority: number, threshold: number, slice: number, steps: readonly Step[]) {
    this.name = name;
    this.userPriority = priority;
    this.userThreshold = threshold;
    this.priority = priority;
    this.threshold = threshold;
    this.wholeSlice = slice;
    this.slice = slice;
    this.steps = steps;
  }
}

class Mutex {
  owner: Task | null = null;
  count = 0;
  readonly waiters: Task[] = [];
}

class Queue {
  readonly messages: number[] = [];
  readonly receivers: Task[] = [];
  readonly senders: Task[] = [];
}

export class Machine {
  readonly log: string[] = [];
  readonly #inherit: boolean;
  readonly #tasks: Task[];
  readonly #timerTask = new Task('timer', 0, 0, 0, []);
  readonly #ready = new Map<number, Task[]>();
  /** Tasks that were preempted behind a threshold of their own. */
  #held: Task[] = [];
  #execute: Task | null = null;
  #current: Task | null = null;
  #now = 0;
  #tick = 0;
  readonly #slots: Timed[][] = Array.from({ length: SLOTS }, () => []);
  #slot = 0;
  #expired: Timed[] = [];
  readonly #counts = new Array<number>(SEMAPHORES).fill(0);
  readonly #getters: Task[][] = Array.from({ length: SEMAPHORES }, () => []);
  readonly #mutexes = Array.from({ length: MUTEXES }, () => new Mutex());
  readonly #queues = Array.from({ length: QUEUES }, () => new Queue());
  #flags = 0;
  readonly #watchers: Task[] = [];

  constructor(program: Program) {
    this.#inherit = program.inherit;
    this.#timerTask.state = 'suspended';
    this.#tasks = program.threads.map(
      ({ priority, guard, slice, steps }, index) => new Task(`t${index}`, priority, priority - guard, slice, steps),
    );
    for (const { initial, reschedule, puts } of program.timers) {
      this.#start({ remaining: initial, reschedule, expire: () => this.#put(puts) });
    }
    for (const task of this.#tasks) this.#makeReady(task);
  }

  run(): readonly string[] {
    for (;;) {
      const task = this.#execute;
      if (task !== this.#current) this.#switchTo(task);
      if (task === null) {
        if (this.#tick >= TICKS) return this.log;
        this.#toNextTick();
      } else if (task === this.#timerTask) {
        this.#expireAll();
      } else if (task.work > 0) {
        if (this.#tick >= TICKS) return this.log;
        this.#compute(task);
      } else {
        this.#advance(task);
      }
    }
  }

  #switchTo(task: Task | null): void {
    this.#current = task;
    if (task !== null && task.slice === 0) task.slice = task.wholeSlice;
  }

  #toNextTick(): void {
    this.#now = (this.#tick + 1) * TICK;
    this.#interrupt();
  }

  #compute(task: Task): void {
    const boundary = (this.#tick + 1) * TICK;
    if (this.#now + task.work < boundary) {
      this.#now += task.work;
      task.work = 0;
      return;
    }
    task.work -= boundary - this.#now;
    this.#now = boundary;
    this.#interrupt();
  }

  /** The timer interrupt: counts the running task's slice, and wakes the timer thread where something may expire. */
  #interrupt(): void {
    this.#tick++;
    const running = this.#current;
    let sliceOver = false;
    if (running !== null && running !== this.#timerTask && running.slice > 0) sliceOver = --running.slice === 0;
    const list = this.#slots[this.#slot] ?? [];
    if (list.length > 0) {
      if (this.#timerTask.state !== 'ready') this.#makeReady(this.#timerTask);
    } else {
      this.#slot = (this.#slot + 1) % SLOTS;
    }
    if (sliceOver && running !== null) this.#sliceOver(running);
  }

  #sliceOver(task: Task): void {
    if (task.state !== 'ready') return;
    task.slice = task.wholeSlice;
    const list = this.#listOf(task.priority);
    if (list.length < 2 || task.priority !== task.threshold) return;
    this.#rotateBehind(task);
    this.#execute = this.#first();
  }

  #expireAll(): void {
    this.#expired = this.#slots[this.#slot] ?? [];
    this.#slots[this.#slot] = [];
    this.#slot = (this.#slot + 1) % SLOTS;
    for (let timed = this.#expired.shift(); timed !== undefined; timed = this.#expired.shift()) {
      if (timed.remaining > SLOTS) {
        timed.remaining -= SLOTS;
        this.#start(timed);
        continue;
      }
      timed.remaining = timed.reschedule;
      timed.expire();
      if (timed.remaining > 0) this.#start(timed);
    }
    this.#timerTask.state = 'suspended';
    this.#takeOff(this.#timerTask);
  }

  #start(timed: Timed): void {
    const ahead = Math.min(timed.remaining, SLOTS) - 1;
    this.#slots[(this.#slot + ahead) % SLOTS]?.push(timed);
  }

  #stop(timed: Timed): void {
    for (const list of [...this.#slots, this.#expired]) {
      const index = list.indexOf(timed);
      if (index >= 0) list.splice(index, 1);
    }
  }

  #listOf(priority: number): Task[] {
    let list = this.#ready.get(priority);
    if (list === undefined) {
      list = [];
      this.#ready.set(priority, list);
    }
    return list;
  }

  #first(): Task | null {
    const priorities = [...this.#ready.keys()].filter((priority) => this.#listOf(priority).length > 0);
    return priorities.length === 0 ? null : (this.#listOf(Math.min(...priorities))[0] ?? null);
  }

  /** The list's order is a ring: it begins anew behind the task. */
  #rotateBehind(task: Task): void {
    const list = this.#listOf(task.priority);
    const index = list.indexOf(task);
    list.push(...list.splice(0, index + 1));
  }

  #makeReady(task: Task): void {
    task.state = 'ready';
    this.#listOf(task.priority).push(task);
    const running = this.#execute;
    if (running === null) {
      this.#execute = task;
    } else if (task.priority < running.threshold) {
      if (running.threshold !== running.priority) this.#hold(running);
      this.#execute = task;
    }
  }

  #hold(task: Task): void {
    if (!this.#held.includes(task)) this.#held.push(task);
  }

  #takeOff(task: Task): void {
    const list = this.#listOf(task.priority);
    list.splice(list.indexOf(task), 1);
    this.#held = this.#held.filter((other) => other !== task);
    if (this.#execute === task) this.#execute = this.#choose();
  }

  #choose(): Task | null {
    const first = this.#first();
    const held = [...this.#held].sort((a, b) => a.priority - b.priority)[0];
    if (first === null || held === undefined || first.priority < held.threshold) return first;
    this.#held = this.#held.filter((other) => other !== held);
    return held;
  }

  /** Lets a task see the result of its last step, and do the next. */
  #advance(task: Task): void {
    if (task.result !== null) {
      this.log.push(`${this.#tick} ${task.name}.${task.pc} ${task.steps[task.pc]?.do ?? ''} ${task.result}`);
      task.result = null;
      task.pc++;
    }
    const step = task.steps[task.pc];
    if (step === undefined) {
      this.#takeOff(task);
      this.#end(task);
      return;
    }
    this.#do(task, step);
  }

  #end(task: Task): void {
    task.state = 'over';
    task.suspendsNext = false;
    for (const mutex of [...task.owns]) {
      mutex.count = 1;
      this.#unlock(mutex, task);
    }
  }

  #wait(task: Task, list: Task[], ticks: number, timeoutStatus: number): void {
    list.push(task);
    this.#block(task, list, ticks, timeoutStatus);
  }

  #block(task: Task, list: Task[] | null, ticks: number, timeoutStatus: number): void {
    task.waitsIn = list;
    task.timeoutStatus = timeoutStatus;
    task.state = 'waiting';
    task.slice = task.wholeSlice;
    if (ticks !== FOREVER) {
      task.timeout = { remaining: ticks, reschedule: 0, expire: () => this.#abandon(task, task.timeoutStatus) };
      this.#start(task.timeout);
    }
    this.#takeOff(task);
  }

  #wake(task: Task, status: number): void {
    if (task.waitsIn !== null) {
      const index = task.waitsIn.indexOf(task);
      if (index >= 0) task.waitsIn.splice(index, 1);
      task.waitsIn = null;
    }
    if (task.timeout !== null) this.#stop(task.timeout);
    task.timeout = null;
    task.result = status;
    if (task.suspendsNext) {
      task.suspendsNext = false;
      task.state = 'suspended';
      return;
    }
    this.#makeReady(task);
  }

  #abandon(task: Task, status: number): void {
    const mutex = this.#mutexes.find(({ waiters }) => waiters === task.waitsIn);
    this.#wake(task, status);
    if (mutex?.owner) this.#settle(mutex.owner);
  }

  #do(task: Task, step: Step): void {
    task.result = 0;
    switch (step.do) {
      case 'put':
        return this.#put(step.on);
      case 'get':
        if ((this.#counts[step.on] ?? 0) > 0) this.#counts[step.on] = (this.#counts[step.on] ?? 0) - 1;
        else this.#waitOr(task, this.#getters[step.on] ?? [], step.wait, 0x0d);
        return;
      case 'lock':
        return this.#lock(task, this.#mutexes[step.on] ?? new Mutex(), step.wait);
      case 'unlock': {
        const mutex = this.#mutexes[step.on] ?? new Mutex();
        if (mutex.count === 0 || mutex.owner !== task) task.result = 0x1e;
        else this.#unlock(mutex, task);
        return;
      }
      case 'send':
        return this.#send(task, this.#queues[step.on] ?? new Queue(), step.wait, step.front);
      case 'receive':
        return this.#receive(task, this.#queues[step.on] ?? new Queue(), step.wait);
      case 'raise':
        return this.#raise(1 << step.on);
      case 'flags':
        if ((this.#flags & (1 << step.on)) !== 0) {
          if (step.clear) this.#flags &= ~(1 << step.on);
          return;
        }
        task.wanted = { clear: step.clear };
        task.message = 1 << step.on;
        return this.#waitOr(task, this.#watchers, step.wait, 0x07);
      case 'sleep':
        if (step.ticks > 0) this.#block(task, null, step.ticks, 0);
        return;
      case 'work':
        task.work = step.units * UNIT;
        return;
      case 'relinquish':
        task.slice = task.wholeSlice;
        this.#rotateBehind(task);
        this.#execute = this.#first();
        return;
      default:
        return this.#onTask(task, step);
    }
  }

  #waitOr(task: Task, list: Task[], ticks: number, status: number): void {
    if (ticks === 0) task.result = status;
    else {
      task.result = null;
      this.#wait(task, list, ticks, status);
    }
  }

  #put(index: number): void {
    const waiter = this.#getters[index]?.[0];
    if (waiter === undefined) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    else this.#wake(waiter, 0);
  }

  #raise(flag: number): void {
    const all = this.#flags | flag;
    const woken = this.#watchers.filter((task) => ((task.message ?? 0) & all) !== 0);
    let cleared = 0;
    for (const task of woken) if (task.wanted.clear) cleared |= task.message ?? 0;
    this.#flags = all & ~cleared;
    for (const task of woken) this.#wake(task, 0);
  }

  #lock(task: Task, mutex: Mutex, ticks: number): void {
    if (mutex.count === 0) {
      mutex.owner = task;
      mutex.count = 1;
      task.owns.push(mutex);
    } else if (mutex.owner === task) {
      mutex.count++;
    } else {
      this.#waitOr(task, mutex.waiters, ticks, 0x1d);
      if (ticks > 0 && mutex.owner !== null) this.#settle(mutex.owner);
    }
  }

  #unlock(mutex: Mutex, task: Task): void {
    if (--mutex.count > 0) return;
    task.owns.splice(task.owns.indexOf(mutex), 1);
    if (this.#inherit) this.#highestFirst(mutex.waiters);
    const next = mutex.waiters.shift() ?? null;
    mutex.owner = next;
    if (next !== null) {
      mutex.count = 1;
      next.owns.push(mutex);
      if (this.#inherit) this.#highestFirst(mutex.waiters);
    }
    this.#settle(task);
    if (next !== null) this.#wake(next, 0);
  }

  #highestFirst(waiters: Task[]): void {
    const best = [...waiters].sort((a, b) => a.priority - b.priority)[0];
    if (best === undefined) return;
    waiters.splice(waiters.indexOf(best), 1);
    waiters.unshift(best);
  }

  /** A task's priority is its own, or the highest of those it holds up through mutexes that lend it. */
  #settle(task: Task): void {
    const lent = this.#inherit ? task.owns.flatMap(({ waiters }) => waiters.map(({ priority }) => priority)) : [];
    const due = Math.min(task.userPriority, ...lent);
    if (due !== task.priority) this.#place(task, due, Math.min(task.userThreshold, due));
  }

  #place(task: Task, priority: number, threshold: number): void {
    const ready = task.state === 'ready';
    const lowered = priority > task.priority;
    const ran = this.#execute === task;
    if (ready) {
      const list = this.#listOf(task.priority);
      list.splice(list.indexOf(task), 1);
    }
    task.priority = priority;
    task.threshold = threshold;
    if (!ready) return;
    if (ran && lowered) this.#listOf(priority).unshift(task);
    else this.#listOf(priority).push(task);
    const running = ran ? task : this.#execute;
    const first = this.#first();
    if (first === null || running === null || first.priority >= running.threshold) {
      this.#execute = running ?? first;
      return;
    }
    if (first !== running && running.threshold !== running.priority) this.#hold(running);
    this.#execute = first;
  }

  #send(task: Task, queue: Queue, ticks: number, front: boolean): void {
    const message = task.pc;
    const receiver = queue.receivers[0];
    if (receiver !== undefined) return this.#wake(receiver, 0);
    if (queue.messages.length < CAPACITY) {
      if (front) queue.messages.unshift(message);
      else queue.messages.push(message);
      return;
    }
    task.message = message;
    task.front = front;
    this.#waitOr(task, queue.senders, ticks, 0x0b);
    if (front && ticks > 0) queue.senders.unshift(...queue.senders.splice(queue.senders.indexOf(task), 1));
  }

  #receive(task: Task, queue: Queue, ticks: number): void {
    if (queue.messages.length === 0) return this.#waitOr(task, queue.receivers, ticks, 0x0a);
    queue.messages.shift();
    const sender = queue.senders[0];
    if (sender === undefined) return;
    if (sender.front) queue.messages.unshift(sender.message ?? 0);
    else queue.messages.push(sender.message ?? 0);
    this.#wake(sender, 0);
  }

  /** Steps that are about another task, or the task itself. */
  #onTask(task: Task, step: Extract<Step, { readonly on: number }>): void {
    const other = this.#tasks[step.on % this.#tasks.length] ?? task;
    switch (step.do) {
      case 'resume':
        if (other.suspendsNext) {
          other.suspendsNext = false;
          task.result = 0x19;
        } else if (other.state === 'suspended') this.#makeReady(other);
        else task.result = 0x12;
        return;
      case 'suspend':
        if (other.state === 'over') task.result = 0x14;
        else if (other.state === 'waiting') other.suspendsNext = true;
        else if (other.state === 'ready') {
          other.state = 'suspended';
          other.slice = other.wholeSlice;
          this.#takeOff(other);
        }
        return;
      case 'abort':
        if (other.state === 'waiting') this.#abandon(other, 0x1a);
        else task.result = 0x1b;
        return;
      case 'terminate':
        return this.#terminate(other);
      case 'priority':
        other.userPriority = step.to;
        other.userThreshold = step.to;
        if (other.owns.length === 0 || !this.#inherit) this.#place(other, step.to, step.to);
        else this.#changeWhileLent(other, step.to);
        return;
      case 'threshold':
        if (step.to > other.userPriority) task.result = 0x18;
        else this.#changeThreshold(other, step.to);
        return;
      default:
        return;
    }
  }

  #changeWhileLent(task: Task, to: number): void {
    const lent = task.owns.flatMap(({ waiters }) => waiters.map(({ priority }) => priority));
    const due = Math.min(to, ...lent);
    this.#place(task, due, due);
  }

  #changeThreshold(task: Task, to: number): void {
    task.userThreshold = to;
    task.threshold = Math.min(to, task.priority);
    const first = this.#first();
    if (this.#execute !== task || first === null || first.priority >= task.threshold) return;
    if (task.threshold !== task.priority) this.#hold(task);
    this.#execute = first;
  }

  #terminate(task: Task): void {
    if (task.state === 'over') return;
    const mutex = this.#mutexes.find(({ waiters }) => waiters === task.waitsIn);
    if (task.waitsIn !== null) task.waitsIn.splice(task.waitsIn.indexOf(task), 1);
    task.waitsIn = null;
    if (task.timeout !== null) this.#stop(task.timeout);
    task.timeout = null;
    if (mutex?.owner) this.#settle(mutex.owner);
    if (task.state === 'ready') this.#takeOff(task);
    this.#end(task);
  }
}
