import { type DocumentNode, GraphQLError, parse, type Source, type ValidationRule, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { mostTokens } from '../schema/limits.ts';
import { asBadRequest } from './errors.ts';

/** How many characters the texts of the documents that are kept parsed may have; a document takes some 30 bytes for each. */
const keptCharacters = 512 * 1_024;

const texts = new WeakMap<DocumentNode, string>();

/** The text of which a document was parsed here. */
export const textOf = (document: DocumentNode): string => texts.get(document) ?? '';

/** The documents that were used last, up to a size; a broken text is not kept at all. For Yoga's cache. */
export function keepDocuments(most = keptCharacters) {
  const documents = new Map<string, DocumentNode>(); // the one used last comes last
  let characters = 0;
  return {
    errorCache: { get: () => undefined, set: () => {} },
    documentCache: {
      get(text: string): DocumentNode | undefined {
        const document = documents.get(text);
        if (!document) return undefined;
        documents.delete(text);
        documents.set(text, document);
        return document;
      },
      set(text: string, document: DocumentNode): void {
        if (documents.has(text) || text.length > most) return;
        documents.set(text, document);
        characters += text.length;
        for (const oldest of documents.keys()) {
          if (characters <= most) return;
          documents.delete(oldest);
          characters -= oldest.length;
        }
      },
    },
  };
}

/**
 * Parsing stops at a number of tokens, before anything looks at how they nest. Places in the text are left out, which
 * would take two thirds of a document's memory.
 */
export function limitTokens(): Plugin {
  return {
    onParse: ({ setParseFn }) =>
      setParseFn((source: string | Source, options: object) => {
        const document = parse(source, { ...options, maxTokens: mostTokens, noLocation: true });
        texts.set(document, typeof source === 'string' ? source : source.body);
        return document;
      }),
  };
}

/** How many aliases of `__typename` a document may have outside introspection, and of how many characters: nothing else counts them. */
const mostTypenameAliases = 10;
const longestTypenameAlias = 32;

/** Introspection reads no data, so nothing else limits it: without aliases it can answer everything once. */
const refuseAliases: ValidationRule = (context) => {
  let typenames = 0;
  return {
    Field(node) {
      const { alias, name } = node;
      if (!alias) return;
      const report = (message: string) =>
        context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: 'OPERATION_TOO_LARGE' } }));
      const isInIntrospection = context.getParentType()?.name.startsWith('__');
      if (name.value === '__typename' && !isInIntrospection) {
        typenames += 1;
        if (typenames <= mostTypenameAliases && alias.value.length <= longestTypenameAlias) return;
        report(
          `__typename has at most ${mostTypenameAliases} aliases in an operation, of at most ${longestTypenameAlias} characters each: ask for __typename itself.`,
        );
      } else if (name.value.startsWith('__') || isInIntrospection) {
        report(
          `${alias.value} stands for ${name.value}: fields of introspection take no alias. Ask for ${name.value}.`,
        );
      }
    },
  };
};

/** A 400 for operations that do not fit the schema; Yoga answers them with 200 to clients that accept plain JSON. */
export function refuseInvalid(): Plugin {
  return {
    onValidate({ addValidationRule, params }) {
      addValidationRule(refuseAliases);
      return ({ valid, setResult }) => {
        if (valid) return;
        const { schema, documentAST, rules } = params;
        // Once more, with the places where the text is wrong.
        const errors = validate(schema, parse(textOf(documentAST)), rules);
        setResult(errors.map((error) => asBadRequest(error, 'GRAPHQL_VALIDATION_FAILED')));
      };
    },
  };
}
