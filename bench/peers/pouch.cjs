// express-pouchdb on disk (LevelDB): node pouch.cjs PORT DIRECTORY
const path = require("node:path");
const [port, directory] = process.argv.slice(2);
const PouchDB = require("pouchdb").defaults({ prefix: directory + path.sep });
const app = require("express")();
app.use(
  "/",
  require("express-pouchdb")(PouchDB, {
    mode: "minimumForPouchDB",
    configPath: path.join(directory, "config.json"),
    logPath: path.join(directory, "log.txt"),
  }),
);
const server = app.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(0)).closeAllConnections());
