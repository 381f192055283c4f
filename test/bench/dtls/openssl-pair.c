/*
 * The peer of the DTLS benchmark: an OpenSSL client and server in one process, joined by memory BIOs. Full handshakes with
 * the cookie exchange and the client's check of the chain, then records from client to server.
 *
 * openssl-pair <cipher> <certificate> <key> <root> <handshakes> <records>
 * prints handshakes, 64-byte records and 1-KiB records a second. Without files ("-") it has a pre-shared key.
 */
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double processor_time(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(int ok, const char *what) {
  if (!ok) {
    fprintf(stderr, "openssl-pair: %s\n", what);
    exit(1);
  }
}

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned int *length) {
  (void)ssl;
  memset(cookie, 7, *length = 32);
  return 1;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned int length) {
  (void)ssl;
  return length == 32 && cookie[0] == 7;
}

static unsigned int client_psk(SSL *ssl, const char *hint, char *id, unsigned int id_max, unsigned char *key, unsigned int max) {
  (void)ssl, (void)hint, (void)max;
  snprintf(id, id_max, "bench-device");
  memset(key, 1, 16);
  return 16;
}

static unsigned int server_psk(SSL *ssl, const char *id, unsigned char *key, unsigned int max) {
  (void)ssl, (void)id, (void)max;
  memset(key, 1, 16);
  return 16;
}

struct pair {
  SSL *client, *server;
};

static struct pair connect_pair(SSL_CTX *client_ctx, SSL_CTX *server_ctx) {
  struct pair p = {SSL_new(client_ctx), SSL_new(server_ctx)};
  BIO *up = BIO_new(BIO_s_mem()), *down = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(up, -1);
  BIO_set_mem_eof_return(down, -1);
  BIO_up_ref(up);
  BIO_up_ref(down);
  SSL_set_bio(p.client, down, up);
  SSL_set_bio(p.server, up, down);
  SSL_set_mtu(p.client, 1472);
  SSL_set_mtu(p.server, 1472);
  SSL_set_connect_state(p.client);
  SSL_set_accept_state(p.server);
  for (int turn = 0; turn < 50; turn++) {
    int a = SSL_do_handshake(p.client), b = SSL_do_handshake(p.server);
    if (a == 1 && b == 1) return p;
  }
  check(0, "the handshake does not end");
  return p;
}

static void release(struct pair p) {
  SSL_free(p.client);
  SSL_free(p.server);
}

static double records(struct pair p, int length, int count) {
  unsigned char out[1024], in[2048];
  memset(out, 0x5a, sizeof out);
  double began = processor_time();
  for (int i = 0; i < count; i++) {
    check(SSL_write(p.client, out, length) == length, "write");
    check(SSL_read(p.server, in, sizeof in) == length, "read");
  }
  return count / (processor_time() - began);
}

int main(int argc, char **argv) {
  check(argc == 7, "six arguments");
  int handshakes = atoi(argv[5]), count = atoi(argv[6]);
  SSL_CTX *client = SSL_CTX_new(DTLS_client_method()), *server = SSL_CTX_new(DTLS_server_method());
  SSL_CTX *both[] = {client, server};
  for (int i = 0; i < 2; i++) {
    check(SSL_CTX_set_cipher_list(both[i], argv[1]), "cipher");
    check(SSL_CTX_set1_groups_list(both[i], "P-256"), "group");
    SSL_CTX_set_min_proto_version(both[i], DTLS1_2_VERSION);
    SSL_CTX_set_options(both[i], SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_COOKIE_EXCHANGE);
    SSL_CTX_set_session_cache_mode(both[i], SSL_SESS_CACHE_OFF);
  }
  SSL_CTX_set_cookie_generate_cb(server, make_cookie);
  SSL_CTX_set_cookie_verify_cb(server, check_cookie);
  if (strcmp(argv[2], "-") == 0) {
    SSL_CTX_set_psk_client_callback(client, client_psk);
    SSL_CTX_set_psk_server_callback(server, server_psk);
  } else {
    check(SSL_CTX_use_certificate_file(server, argv[2], SSL_FILETYPE_PEM), "certificate");
    check(SSL_CTX_use_PrivateKey_file(server, argv[3], SSL_FILETYPE_PEM), "key");
    check(SSL_CTX_load_verify_locations(client, argv[4], NULL), "root");
    SSL_CTX_set_verify(client, SSL_VERIFY_PEER, NULL);
  }
  release(connect_pair(client, server));
  double began = processor_time();
  for (int i = 0; i < handshakes; i++) release(connect_pair(client, server));
  double rate = handshakes / (processor_time() - began);
  struct pair p = connect_pair(client, server);
  double small = records(p, 64, count), large = records(p, 1024, count);
  printf("%.1f %.1f %.1f\n", rate, small, large);
  return 0;
}
