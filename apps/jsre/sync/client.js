// The document's examples of a synchronous client, put together.
var Dtls = require('dtls');
var fs = require('fs');

var option = {
  rejectUnauthorized: false,
  ca: fs.readString('./ca.pem')
};

var saddr = Dtls.sockaddr('192.168.0.3', 2049);
var dtls = Dtls.createClient(option, saddr);
if (!dtls) {
  console.log('connect error:', sys.error());
} else {
  var num = dtls.send('Hello Packet!');
  if (num < 0) {
    console.log('send error:', sys.error());
  }

  var buf = new Buffer(1024);

  var num = dtls.recv(buf);
  if (num < 0) {
    console.log('recv error:', sys.error());
  } else {
    console.log('received:', buf.toString(num));
  }
  dtls.close();
}
