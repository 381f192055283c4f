// The task of the multi-task server, without a call that blocks: see the README for the question that this answers.
var Dtls = require('dtls');
var iosched = require('iosched');
var EventEmitter = require('events');

var HANDSHAKE_TIMEOUT = 500;

function onMessage(client, buffer, num) {
  console.log('Client:', client.peerName().addr, 'Say:', buffer.toString(num));
}

// Gives up a client whose handshake has come to nothing.
function onLate(client) {
  console.log('No handshake:', client.peerName());
  iosched.remove(client.revent);
  client.close();
}

// The descriptor is readable when data has come, and also when the handshake has failed or the client has gone.
function onReadable(client) {
  var buffer = new Buffer(4096);
  var num;
  while ((num = client.recv(buffer, 0, buffer.length, 0)) > 0) {
    client.emit('message', client, buffer, num);
  }
  if (num === 0) {
    return true; // nothing more for now
  }
  clearTimeout(client.late);
  console.log('Client lost:', client.peerName());
  client.close();
  return false;
}

Task.on('message', function(msg, from) {
  // Comes back at once: the handshake goes on while the task polls.
  var client = Dtls.createByFd('DTLS-Server1', msg.sockFd, (client) => {
    clearTimeout(client.late);
    console.log('Handshaked:', client.peerName());
  });
  if (!client) {
    return console.log('No client:', sys.error());
  }
  EventEmitter.inherits(client);
  client.on('message', onMessage);
  client.late = setTimeout(onLate, HANDSHAKE_TIMEOUT, client);
  client.revent = iosched.event(iosched.READ, client.sockFd, onReadable, undefined, client);
  iosched.add(client.revent);
});

iosched.forever();
