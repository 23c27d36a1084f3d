# One image for every role: `worker`, `serve`, `import` and the rest of `onboard`.
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY workers workers
COPY scripts scripts
COPY test test
RUN npm run build && npm prune --omit=dev

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY examples examples
# The agreement store; a named volume mounted here keeps this owner.
RUN mkdir -p /data/agreements && chown -R 1000:1000 /data
USER 1000:1000
ENV AGREEMENT_STORE=/data/agreements
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["--help"]
