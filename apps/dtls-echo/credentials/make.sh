#!/bin/sh
# Made the demo credentials beside this file, once. Their private keys are public: never use them for anything real.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
dates="-startdate 20200101000000Z -enddate 20491231235959Z"

root() { # name, key options
  openssl genpkey $2 -out "$work/$1.key" 2>/dev/null
  openssl req -new -key "$work/$1.key" -subj "/O=txsim demo/CN=txsim demo $1" -out "$work/$1.csr"
  touch "$work/$1.db"
  printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s\nnew_certs_dir=%s\nserial=%s\ndefault_md=sha256\npolicy=p\nrand_serial=yes\nunique_subject=no\n[p]\nO=optional\nCN=supplied\n' \
    "$work/$1.db" "$work" "$work/$1.serial" > "$work/$1.cnf"
  printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n' > "$work/root.ext"
  openssl ca -batch -notext -config "$work/$1.cnf" -selfsign -keyfile "$work/$1.key" -in "$work/$1.csr" \
    -extfile "$work/root.ext" $dates -out "$1.pem" 2>/dev/null
}

leaf() { # name, root, key options, extensions
  openssl genpkey $3 -out "$work/$1.key" 2>/dev/null
  openssl req -new -key "$work/$1.key" -subj "/O=txsim demo/CN=${1%%-*}" -out "$work/$1.csr"
  printf "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n$4\n" > "$work/leaf.ext"
  openssl ca -batch -notext -config "$work/$2.cnf" -cert "$2.pem" -keyfile "$work/$2.key" -in "$work/$1.csr" \
    -extfile "$work/leaf.ext" $dates -out "$1.pem" 2>/dev/null
  openssl pkey -in "$work/$1.key" -traditional -out "$1.key.pem"
}

ec='-algorithm EC -pkeyopt ec_paramgen_curve:P-256'
rsa='-algorithm RSA -pkeyopt rsa_keygen_bits:2048'
names='subjectAltName=DNS:server,DNS:localhost,DNS:device,IP:127.0.0.1,IP:192.168.1.150'
root ca-ecdsa "$ec"
root ca-rsa "$rsa"
cat ca-ecdsa.pem ca-rsa.pem > ca.pem
leaf server-ecdsa ca-ecdsa "$ec" "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n$names"
leaf server-rsa ca-rsa "$rsa" "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n$names"
leaf client-ecdsa ca-ecdsa "$ec" "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth"
node make-demo.mjs
