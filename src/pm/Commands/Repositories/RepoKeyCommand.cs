using System.CommandLine;
using Pm.Cli.Output;
using Pm.Repositories;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo key [DIR]</c></summary>
static class RepoKeyCommand
{
    public const string Summary = "show a repository's fingerprint and the keys of its roles";

    static readonly string[] Roles = ["root", "targets", "snapshot", "timestamp", "bins"];

    public static CommandDeclaration Declare()
    {
        var directory = RepositoryPlace.Argument();
        var repository = RepositoryPlace.Option();
        var fingerprint = new Option<bool>("--fingerprint") { Description = "print only what users give to `pm remote add --fingerprint`" };
        var rotate = new Option<string?>("--rotate") { Description = "give ROLE a new key: root, targets, snapshot, timestamp or bins", HelpName = "ROLE" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository, fingerprint, rotate],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context,
                RepositoryPlace.Open(context, parsed.Given(directory) ?? parsed.Given(repository)),
                parsed.Given(fingerprint),
                parsed.Given(rotate))),
        };
    }

    static ExitCode Run(PmContext context, DirectoryRepository repository, bool onlyFingerprint, string? rotate)
    {
        if (rotate is not null)
        {
            return Rotate(context, repository, rotate);
        }

        if (onlyFingerprint && !context.Settings.Json)
        {
            context.Terminal.Data(repository.Fingerprint.ToString());
            return ExitCode.Ok;
        }

        Write(context, repository);
        return ExitCode.Ok;
    }

    static ExitCode Rotate(PmContext context, DirectoryRepository repository, string role)
    {
        if (!Roles.Contains(role))
        {
            throw CommandException.Usage("PM1142", $"`{Hostile.OneLine(role)}` is no role", "the roles are root, targets, snapshot, timestamp and bins");
        }

        if (context.Settings.DryRun)
        {
            Outcome.Write(
                context, "key-rotated", json => json.WriteString("role"u8, role), () => context.Terminal.Note($"would give {role} a new key"));
            return ExitCode.Ok;
        }

        var fingerprint = repository.RotateKey(role, RepositoryPlace.Access(context));
        Outcome.Write(
            context,
            "key-rotated",
            json =>
            {
                json.WriteString("role"u8, role);
                json.WriteString("fingerprint"u8, fingerprint.ToString());
            },
            () =>
            {
                context.Terminal.Data(fingerprint.ToString());
                context.Terminal.Note($"{role} has a new key; who trusts the repository already follows by itself");
            });
        return ExitCode.Ok;
    }

    static void Write(PmContext context, DirectoryRepository repository)
    {
        var keys = repository.Keys();
        if (context.Settings.Json)
        {
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
                    json.WriteStartArray("keys"u8);
                    foreach (var id in key.KeyIds)
                    {
                        json.WriteStringValue(id);
                    }

                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        context.Terminal.Data($"fingerprint\t{repository.Fingerprint}");
        var table = new Table("ROLE", "EXPIRES", "SECRET", "KEYS");
        foreach (var key in keys)
        {
            table.Add(key.Role, $"{key.Expires:yyyy-MM-dd}", key.IsSecretHere ? "here" : "elsewhere", string.Join(", ", key.KeyIds));
        }

        table.Write(context.Terminal);
    }
}
