# One image for all programs of Corral; the command says which one runs.
FROM node:20-slim AS build
WORKDIR /corral
COPY . .
RUN npm ci --no-audit --no-fund && npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-slim
WORKDIR /corral
COPY --from=build /corral /corral
# The default command keeps its data in ./data, which is the volume.
RUN mkdir /data && chown node:node /data && ln -s /data data
USER node
VOLUME /data
EXPOSE 2181 2888 3888 8180 8181 8182
# For the default command; docker-compose.yml says where the others are asked. The image has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "apps/cli/dist/main.js", "health"]
CMD ["node", "--max-semi-space-size=32", "apps/cli/dist/main.js", "serve"]
