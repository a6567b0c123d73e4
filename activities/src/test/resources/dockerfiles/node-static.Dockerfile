FROM docker.io/library/node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json pnpm-lock.yaml ./
RUN corepack enable && pnpm install --frozen-lockfile
COPY . .
RUN pnpm build \
    && cp -r "$(dirname "$(find dist -name index.html | head -n 1)")" /site

FROM docker.io/library/nginx:1.28-alpine
RUN printf '%s\n' \
    'pid /tmp/nginx.pid;' \
    'error_log /dev/stderr;' \
    'events {}' \
    'http {' \
    '  include /etc/nginx/mime.types;' \
    '  access_log /dev/stdout;' \
    '  client_body_temp_path /tmp/body;' \
    '  proxy_temp_path /tmp/proxy;' \
    '  fastcgi_temp_path /tmp/fastcgi;' \
    '  uwsgi_temp_path /tmp/uwsgi;' \
    '  scgi_temp_path /tmp/scgi;' \
    '  server {' \
    '    listen 8080;' \
    '    root /srv;' \
    '    location / { try_files $uri $uri/ /index.html; }' \
    '  }' \
    '}' \
    > /etc/nginx/nginx.conf
COPY --from=build /site /srv
USER 10001
EXPOSE 8080
ENTRYPOINT ["nginx", "-g", "daemon off;"]
