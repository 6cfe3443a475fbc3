/** All of Node that the day's work uses: its types are a package that would have to follow its version. */
declare const process: { argv: string[] };
