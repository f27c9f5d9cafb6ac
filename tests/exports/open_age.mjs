// Opens an age file with the implementation of the format's own author: node open_age.mjs IDENTITY IN OUT
import { readFileSync, writeFileSync } from "node:fs";
import { Decrypter } from "age-encryption";

const [identity, sealed, opened] = process.argv.slice(2);
const decrypter = new Decrypter();
decrypter.addIdentity(readFileSync(identity, "utf8").split("\n").find((line) => line.startsWith("AGE-SECRET-KEY-")));
writeFileSync(opened, await decrypter.decrypt(readFileSync(sealed)));
