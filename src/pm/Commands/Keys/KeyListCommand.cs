using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Keys;

/// <summary><c>pm key list</c></summary>
static class KeyListCommand
{
    public const string Summary = "list the keys of the ring and whom it trusts";

    public static CommandDeclaration Declare()
    {
        var secret = new Option<bool>("--secret") { Description = "list the keys in GnuPG that packages can be signed with" };
        return new CommandDeclaration
        {
            Options = [secret],
            Takes = CommonOptions.Reads,
            RunAsync = (context, parsed) => ValueTask.FromResult(parsed.Given(secret) ? ListSecret(context) : List(context)),
        };
    }

    static ExitCode List(PmContext context)
    {
        var keys = Keyring.OpenAt(context.Settings.Root).Records
            .OrderBy(k => k.UserId, StringComparer.Ordinal).ThenBy(k => k.Fingerprint).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context.Terminal, "key-list", keys, KeyJson.WriteMembers);
            return ExitCode.Ok;
        }

        var now = context.Time.GetUtcNow();
        var table = new Table("FINGERPRINT", "STATE", "EXPIRES", "USER ID");
        keys.ForEach(k => table.Add(
            k.Fingerprint.ToString(), KeyRecord.TextOf(k.State), KeyTimes.Expiry(k.Expires, now), k.UserId));
        table.Write(context.Terminal);
        if (keys.Count == 0)
        {
            context.Terminal.Note($"the ring of {context.Settings.Root} holds no key: `pm key import FILE` brings one");
        }

        return ExitCode.Ok;
    }

    static ExitCode ListSecret(PmContext context)
    {
        var keys = Signatures.Program(context).SecretKeys(context.Cancellation)
            .OrderBy(k => k.UserId, StringComparer.Ordinal).ThenBy(k => k.Fingerprint).ToList();
        if (context.Settings.Json)
        {
            WriteJson(context.Terminal, "secret-key-list", keys, KeyJson.WriteMembers);
            return ExitCode.Ok;
        }

        var now = context.Time.GetUtcNow();
        var table = new Table("FINGERPRINT", "USE", "EXPIRES", "USER ID");
        keys.ForEach(k => table.Add(
            k.Fingerprint.ToString(), k.CanSign ? "signs" : k.IsRevoked ? "revoked" : "none", KeyTimes.Expiry(k.Expires, now), k.UserId));
        table.Write(context.Terminal);
        return ExitCode.Ok;
    }

    static void WriteJson<T>(Terminal terminal, string kind, List<T> keys, Action<Utf8JsonWriter, T> write) =>
        JsonOutput.Write(terminal, kind, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (var key in keys)
            {
                json.WriteStartObject();
                write(json, key);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
