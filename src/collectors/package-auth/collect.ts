import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { collectClientFiles, type ReadClientFile } from '../shared/client-files/client-file.ts';
import { readCargo } from './cargo.ts';
import { readComposer } from './composer.ts';
import { readDocker } from './docker.ts';
import { readGradle } from './gradle.ts';
import { readMaven } from './maven.ts';
import { type ReaderName, readerOf } from './names.ts';
import { readNpm } from './npm.ts';
import { readNuget } from './nuget.ts';
import { readPython } from './python.ts';
import { readGem } from './ruby-gems.ts';
import { readTerraform } from './terraform.ts';
import { readYarn } from './yarn.ts';

const READERS: Readonly<Record<ReaderName, ReadClientFile>> = {
  npm: readNpm,
  yarn: readYarn,
  python: readPython,
  nuget: readNuget,
  maven: readMaven,
  gradle: readGradle,
  rubygems: readGem,
  cargo: readCargo,
  composer: readComposer,
  docker: readDocker,
  terraform: readTerraform,
};

/** Reads the files of package managers. */
export function collectRegistryCredentials(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles('package-auth', files, (file, drafts) => {
    const name = readerOf(file.path);
    return name === undefined ? [] : READERS[name](file, drafts);
  });
}
