FROM docker.io/library/node:22-bookworm-slim AS build
WORKDIR /app
COPY . .

FROM docker.io/library/node:22-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
ENV PORT=3001
COPY --from=build /app ./
USER 10001
EXPOSE 3001
ENTRYPOINT ["node", "index.js"]
