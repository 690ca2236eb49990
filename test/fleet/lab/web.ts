/** Bash that serves web pages from a host of the lab with nginx, one well and one badly. Appended to the host's set-up. */

const NGINX = (servers: string) => `
mkdir -p /srv/www /run/nginx
echo '<!doctype html><html lang="en"><title>Shop</title><p>Shop</p></html>' > /srv/www/index.html
cat > /etc/nginx/nginx.conf <<'CONFIG'
user www-data;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events {}
http {
  access_log off;
  include /etc/nginx/mime.types;
${servers}
}
CONFIG
nginx
`;

/** Plain HTTP, its version shown, a directory listing, and a file that nobody should see. */
export const badWeb = `
mkdir -p /srv/www/.git; echo 'ref: refs/heads/main' > /srv/www/.git/HEAD
${NGINX('  server { listen 80; listen [::]:80; root /srv/www; autoindex on; add_header X-Powered-By PHP/5.6; add_header Set-Cookie "sid=1"; }')}
`;

/** HTTPS with a certificate of the lab's own authority, HTTP that only redirects, the headers that belong there. */
export function goodWeb(address: string): string {
  const headers = [
    'Strict-Transport-Security "max-age=63072000; includeSubDomains"',
    `Content-Security-Policy "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"`,
    'X-Content-Type-Options nosniff',
    'X-Frame-Options DENY',
    'Referrer-Policy no-referrer',
    'Permissions-Policy "camera=(), geolocation=(), microphone=()"',
    'Cross-Origin-Opener-Policy same-origin',
    'Cross-Origin-Resource-Policy same-origin',
  ];
  return `
mkdir -p /etc/lab
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=Lab authority' \\
  -addext 'basicConstraints=critical,CA:TRUE' -keyout /etc/lab/ca.key -out /etc/lab/ca.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=shop' -keyout /etc/lab/key.pem -out /etc/lab/req.pem 2>/dev/null
printf 'subjectAltName=IP:${address}\\nextendedKeyUsage=serverAuth\\n' > /etc/lab/ext
openssl x509 -req -in /etc/lab/req.pem -CA /etc/lab/ca.pem -CAkey /etc/lab/ca.key -CAcreateserial -days 29 -extfile /etc/lab/ext -out /etc/lab/cert.pem 2>/dev/null
nft add rule inet filter input tcp dport { 80, 443 } accept
${NGINX(`  server_tokens off;
  server { listen 80; listen [::]:80; return 308 https://$host$request_uri; }
  server {
    listen 443 ssl http2; listen [::]:443 ssl http2;
    ssl_certificate /etc/lab/cert.pem; ssl_certificate_key /etc/lab/key.pem; ssl_protocols TLSv1.2 TLSv1.3;
    root /srv/www;
${headers.map((header) => `    add_header ${header} always;`).join('\n')}
  }`)}
`;
}
