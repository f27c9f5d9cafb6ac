// Opens an age file that lies under a passphrase, with the implementation of the format's own author:
// node open_age_words.mjs WORDS IN OUT
import { readFileSync, writeFileSync } from "node:fs";
import { Decrypter } from "age-encryption";

const [words, sealed, opened] = process.argv.slice(2);
const decrypter = new Decrypter();
decrypter.addPassphrase(readFileSync(words, "utf8"));
writeFileSync(opened, await decrypter.decrypt(readFileSync(sealed)));
