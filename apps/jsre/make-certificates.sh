#!/bin/sh
# Made the certificates beside the programs, once. Their private keys are public: never use them for anything real.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
dates="-startdate 20200101000000Z -enddate 20491231235959Z"
printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s/db\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\nrand_serial=yes\nunique_subject=no\n[p]\nO=optional\nCN=supplied\n' \
  "$work" "$work" > "$work/ca.cnf"
touch "$work/db"

request() { # name, whose key
  [ -f "$work/$2.key" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$2.key" 2>/dev/null
  openssl req -new -key "$work/$2.key" -subj "/O=txsim demo/CN=$1" -out "$work/$1.csr"
}

request root root
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' > "$work/root.ext"
openssl ca -batch -notext -config "$work/ca.cnf" -selfsign -keyfile "$work/root.key" -in "$work/root.csr" \
  -extfile "$work/root.ext" $dates -out "$work/root.pem" 2>/dev/null

leaf() { # name, whose key, alternative names
  request "$1" "$2"
  printf "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=$3\n" > "$work/leaf.ext"
  openssl ca -batch -notext -config "$work/ca.cnf" -cert "$work/root.pem" -keyfile "$work/root.key" -in "$work/$1.csr" \
    -extfile "$work/leaf.ext" $dates -out "$work/$1.pem" 2>/dev/null
}

leaf server server 'DNS:server,DNS:localhost,IP:192.168.0.2,IP:192.168.0.3,IP:127.0.0.1'
# The document's example has one key for both certificates.
leaf demo.mysite.com server 'DNS:demo.mysite.com'

# The programs name a certificate and no key: the file holds both.
for folder in async multi-task full-async; do
  cat "$work/server.pem" "$work/server.key" > "$folder/cert.pem"
  cp "$work/root.pem" "$folder/ca.pem"
done
cp "$work/server.pem" sync/cert.pem
cp "$work/server.key" sync/cert.key
cp "$work/demo.mysite.com.pem" sync/cert.crt
cp "$work/root.pem" sync/ca.pem
rm -r "$work"
