using System.CommandLine;
using Pm.Cli.Output;
using Pm.Linux;
using Pm.Repositories;
using Pm.Trust.Tuf;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo key [DIR]</c></summary>
static class RepoKeyCommand
{
    public const string Summary = "show and change the keys of a repository's roles";

    const string PublicSuffix = ".pub";
    const int SecretMode = 0x180; // 0600
    const int PublicMode = 0x1a4; // 0644

    public static CommandDeclaration Declare()
    {
        var directory = RepositoryPlace.Argument();
        var repository = RepositoryPlace.Option();
        var fingerprint = new Option<bool>("--fingerprint") { Description = "print only what users give to `pm remote add --fingerprint`" };
        var create = new Option<string?>("--create") { Description = "make a key for some role in FILE, and its public half in FILE.pub; no repository is needed", HelpName = "FILE" };
        var rotate = new Option<string[]>("--rotate") { Description = "give ROLE new keys: of root and targets for those that lie here, of snapshot, timestamp and bins for all", HelpName = "ROLE" };
        var keys = new RoleKeyOptions();
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository, fingerprint, create, rotate, .. keys.All],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Conflict, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed)),
        };

        ExitCode Run(PmContext context, ParseResult parsed)
        {
            var change = keys.Change(context, parsed, parsed.Given(rotate));
            if (parsed.Given(create) is { } file)
            {
                return change.Roles.Any() ? throw CommandException.Usage("PM1143", "--create makes a key in a file, and changes no repository") : Create(context, file);
            }

            var place = RepositoryPlace.Open(context, parsed.Given(directory) ?? parsed.Given(repository));
            if (change.Roles.Any())
            {
                var access = keys.Access(context, parsed);
                var outcome = place.ChangeKeys(change, context.Settings.DryRun, access);
                ChangeReport.Write(context, outcome, Path.Join(place.Path, "pending.json"));
                RoleKeyOptions.NoteUnused(context, outcome, access);
                return ExitCode.Ok;
            }

            if (parsed.Given(fingerprint) && !context.Settings.Json)
            {
                context.Terminal.Data(place.Fingerprint.ToString());
                return ExitCode.Ok;
            }

            Write(context, place);
            return ExitCode.Ok;
        }
    }

    /// <summary>The public half first: killed between the two, the same command makes both.</summary>
    static ExitCode Create(PmContext context, string file)
    {
        if (file.StartsWith('-'))
        {
            // `--create -q FILE`: a key under a name that was meant for an option is soon lost.
            throw CommandException.Usage("PM1143", $"`{Hostile.OneLine(file)}` looks like an option, and the name of a file is expected", $"--create FILE; a file of that name is ./{Hostile.OneLine(file)}");
        }

        var path = NamedFile.Of(context.FullPath(file), Hostile.OneLine(file));
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        var name = Path.GetFileName(path);
        if (directory.Status(name) is not null)
        {
            throw CommandException.Usage("PM1143", $"{Hostile.OneLine(file)} is there already, and a key is never replaced", "name another file");
        }

        var key = SecretKey.Create();
        if (!context.Settings.DryRun)
        {
            DurableFile.ClearLeft(directory, isAlone: false);
            DurableFile.Replace(directory, name + PublicSuffix, KeyFile.ToPublicBytes(key.Public), PublicMode);
            DurableFile.Replace(directory, name, KeyFile.ToBytes([key]), SecretMode);
        }

        Outcome.Write(
            context,
            "role-key",
            json =>
            {
                json.WriteString("file"u8, file);
                json.WriteString("public"u8, file + PublicSuffix);
                json.WriteString("id"u8, context.Settings.DryRun ? null : key.Public.Id);
            },
            () =>
            {
                if (context.Settings.DryRun)
                {
                    context.Terminal.Note($"would make a key in {Hostile.OneLine(file)}");
                    return;
                }

                context.Terminal.Data(key.Public.Id);
                context.Terminal.Note($"keep {Hostile.OneLine(file)} to yourself; {Hostile.OneLine(file)}{PublicSuffix} is for the keeper of the repository: pm repo key --add ROLE={Hostile.OneLine(file)}{PublicSuffix}");
            });
        return ExitCode.Ok;
    }

    static void Write(PmContext context, DirectoryRepository repository)
    {
        var keys = repository.Keys();
        if (context.Settings.Json)
        {
            WriteJson(context, repository, keys);
            return;
        }

        context.Terminal.Data($"fingerprint\t{repository.Fingerprint}");
        var table = new Table("ROLE", "EXPIRES", "SIGN", "SECRET", "KEYS");
        foreach (var key in keys)
        {
            table.Add(
                key.Role, $"{key.Expires:yyyy-MM-dd}", $"{key.Threshold} of {key.KeyIds.Length}", Where(key),
                string.Join(", ", key.KeyIds));
        }

        table.Write(context.Terminal);
        ExpiryNotice.Say(context, repository);
    }

    /// <summary>Of several keys how many are here.</summary>
    static string Where(RoleKeyInfo key) => key.Here.Length == key.KeyIds.Length ? "here"
        : key.Here.Length == 0 ? key.IsMissing ? "missing" : "elsewhere"
        : $"{key.Here.Length} here";

    static void WriteJson(PmContext context, DirectoryRepository repository, IReadOnlyList<RoleKeyInfo> keys) =>
        JsonOutput.Write(context.Terminal, "repository-keys", json =>
        {
            json.WriteStartObject();
            json.WriteString("fingerprint"u8, repository.Fingerprint.ToString());
            json.WriteStartArray("roles"u8);
            foreach (var key in keys)
            {
                json.WriteStartObject();
                json.WriteString("role"u8, key.Role);
                json.WriteNumber("threshold"u8, key.Threshold);
                json.WriteBoolean("signs_here"u8, key.IsSecretHere);
                json.WriteString("expires"u8, key.Expires.UtcDateTime);
                Outcome.WriteTexts(json, "keys", key.KeyIds);
                Outcome.WriteTexts(json, "here", key.Here);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            ExpiryNotice.Write(context, json, repository);
            json.WriteEndObject();
        });
}
