// The document's examples of a synchronous server, put together: they are whole but for the port, which is the client's.
var Dtls = require('dtls');
var fs = require('fs');

var option = {
  name: 'Dtls-Server1',
  cert: fs.readString('./cert.pem'),
  key: fs.readString('./cert.key')
};

var saddr = Dtls.sockaddr(Dtls.INADDR_ANY, 2049);
var dtls = Dtls.createServer(option, saddr);

dtls.addcert({
  name: 'demo.mysite.com',
  cert: fs.readString('./cert.crt'),
  key: fs.readString('./cert.key')
});

while (true) {
  var remoteAddr = {};
  var dtlsNew = dtls.accept(remoteAddr);
  if (dtlsNew) {
    console.log('New remote connected:', remoteAddr);
    serve(dtlsNew);
  }
}

function serve(dtls) {
  var buf = new Buffer(1024);

  while (true) {
    var num = dtls.recv(buf);
    if (num < 0) {
      console.log('recv error:', sys.error());
      break;
    }
    console.log('received:', buf.toString(num));
    num = dtls.send(buf, 0, num);
    if (num < 0) {
      console.log('send error:', sys.error());
    }
  }
  dtls.close();
}
