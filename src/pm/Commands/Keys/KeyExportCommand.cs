using System.CommandLine;
using System.Text;
using Pm.Cli.Output;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Keys;

/// <summary><c>pm key export [KEY…]</c></summary>
static class KeyExportCommand
{
    public const string Summary = "write public keys of the ring to standard output";

    public static CommandDeclaration Declare()
    {
        var keys = KeyNames.Argument("a fingerprint, the end of one, an e-mail address or a part of the user id; without one, the only key", ArgumentArity.ZeroOrMore);
        return new CommandDeclaration
        {
            Arguments = [keys],
            Takes = CommonOptions.Reads,
            Exits = [ExitCode.NotFound],
            Complete = KeyNames.Complete,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(keys) ?? [])),
        };
    }

    static ExitCode Run(PmContext context, string[] words)
    {
        var ring = Keyring.OpenAt(context.Settings.Root);
        var keys = words.Length > 0 ? KeyNames.Require(ring, words) : [.. ring.Records];
        if (words.Length == 0 && keys.Count != 1)
        {
            throw new CommandException(ExitCode.NotFound, "PM1152",
                keys.Count == 0 ? $"the ring of {context.Settings.Root} holds no key" : $"the ring holds {keys.Count} keys, and none was named",
                keys.Count == 0 ? "`pm key create \"NAME <MAIL>\"` makes one, `pm key import FILE` brings one" : "`pm key list` shows them");
        }

        if (context.Settings.Json)
        {
            WriteJson(context.Terminal, ring, keys);
            return ExitCode.Ok;
        }

        context.Terminal.Flush();
        foreach (var key in keys)
        {
            context.Terminal.Output.Write(Encoding.ASCII.GetBytes(ring.Export(key.Fingerprint)));
        }

        return ExitCode.Ok;
    }

    static void WriteJson(Terminal terminal, Keyring ring, IReadOnlyList<KeyRecord> keys) => JsonOutput.Write(terminal, "key-export", json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("keys"u8);
        foreach (var key in keys)
        {
            json.WriteStartObject();
            json.WriteString("fingerprint"u8, key.Fingerprint.ToString());
            json.WriteString("armored"u8, ring.Export(key.Fingerprint));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
