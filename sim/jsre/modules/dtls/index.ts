/** The `dtls` module: `require('dtls')`. */
import { blocking } from '../../runtime/native.ts';
import { defineModule } from '../../runtime/module-registry.ts';
import { settle } from '../arguments.ts';
import { ADDRESS_CONSTANTS, sockaddrFunctions } from '../sockaddr.ts';
import { createByFd } from './create-by-fd.ts';
import { createClient } from './create-client.ts';
import { createServer } from './create-server.ts';
import { DtlsObjects } from './dtls-objects.ts';
import { connectionMethods, serverMethods, socketMethods } from './methods.ts';

defineModule('dtls', (task) => {
  const objects = new DtlsObjects(task);
  for (const methods of [connectionMethods(objects), serverMethods(objects), socketMethods(objects)]) {
    Object.defineProperties(objects.prototype, hidden(methods));
  }
  task.adopt(objects.prototype);
  return {
    createServer: blocking('Dtls.createServer', function* (opt: unknown, sockaddr: unknown) {
      return settle(task, yield* createServer(objects, opt, sockaddr));
    }),
    createClient: blocking('Dtls.createClient', function* (opt: unknown, sockaddr: unknown, last?: unknown) {
      return settle(task, yield* createClient(objects, opt, sockaddr, last));
    }),
    createByFd: blocking('Dtls.createByFd', function* (name: unknown, sockFd: unknown, last?: unknown) {
      return settle(task, yield* createByFd(objects, name, sockFd, last));
    }),
    ...sockaddrFunctions('Dtls'),
    ...ADDRESS_CONSTANTS,
  };
});

/** The properties of an object as those of a prototype are: not shown by enumeration. */
function hidden(methods: object): PropertyDescriptorMap {
  const properties: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(methods);
  for (const property of Object.values(properties)) property.enumerable = false;
  return properties;
}
