using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Commands.Publishing;
using Pm.Cli.Commands.Tokens;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes.Publishing;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo audit [DIR|--remote REMOTE]</c></summary>
static class RepoAuditCommand
{
    public const string Summary = "show who changed what in a repository, and from where";

    const int DefaultCount = 50;
    const int MaximumCount = 100_000;
    const int HashDigits = 64;
    const int ShownDigits = 12;

    public static CommandDeclaration Declare()
    {
        var directory = RepositoryPlace.Argument();
        var repository = RepositoryPlace.Option();
        var remote = new Option<string?>("--remote")
        {
            Description = "ask the pmd that serves a repository, by its URL or as `pm remote list` shows it, with the token of an administrator",
            HelpName = "REMOTE",
        };
        var limit = new Option<int?>("--limit") { Description = "show at most the last N entries (default: 50)", HelpName = "N" };
        var server = new ServerOptions();
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository, remote, limit, .. server.All],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Refused, ExitCode.Unreachable, ExitCode.Temporary],
            RunAsync = async (context, parsed) =>
            {
                var named = parsed.Given(directory) ?? parsed.Given(repository);
                var count = Math.Clamp(parsed.Given(limit) ?? DefaultCount, 0, MaximumCount);
                if (parsed.Given(remote) is not { } far)
                {
                    var place = RepositoryPlace.Open(context, named);
                    Write(context, Read(context, place, count));
                    ExpiryNotice.Say(context, place);
                    return ExitCode.Ok;
                }

                if (named is not null)
                {
                    throw CommandException.Usage("PM1163", "a directory and --remote, which names a server: which of them is meant?");
                }

                using var client = server.Open(context, parsed, TokenPlace.Url(context, far));
                Write(context, await client.ListAuditAsync(count, context.Cancellation));
                return ExitCode.Ok;
            },
        };
    }

    static IReadOnlyList<RemoteAuditEntry> Read(PmContext context, DirectoryRepository repository, int count)
    {
        using var database = RepositoryDatabase.TryOpen(repository.Path);
        if (database is null)
        {
            context.Terminal.Note($"no log is kept in {repository.Path} yet: it begins with the first token (`pm token create`)");
        }

        return [.. (database?.Audit.List(count) ?? []).Select(Of)];
    }

    static RemoteAuditEntry Of(AuditEntry entry) => new()
    {
        Number = entry.Number,
        Time = entry.Time,
        Actor = entry.Actor,
        Note = entry.Note,
        Address = entry.Address,
        Action = entry.Action,
        Subject = entry.Subject,
        Detail = entry.Detail,
        Result = entry.Result,
    };

    /// <param name="context">The run.</param>
    /// <param name="newestFirst">Shown the other way round: what was last stands at the end of a screen.</param>
    static void Write(PmContext context, IReadOnlyList<RemoteAuditEntry> newestFirst)
    {
        var entries = newestFirst.Reverse().ToList();
        if (context.Settings.Json)
        {
            WriteJson(context, entries);
            return;
        }

        var table = new Table("TIME", "WHO", "FROM", "WHAT", "SUBJECT", "RESULT", "DETAIL");
        foreach (var entry in entries)
        {
            table.Add(
                PackageJson.Time(entry.Time), entry.Note is { Length: > 0 } note ? $"{entry.Actor} ({note})" : entry.Actor,
                entry.Address ?? "-", entry.Action, entry.Subject.Length > 0 ? entry.Subject : "-", entry.Result ?? "going on", Detail(entry.Detail));
        }

        table.Write(context.Terminal);
    }

    /// <summary>A package hash in a line is there to be recognised; the whole one is in the JSON.</summary>
    static string Detail(string? detail) => detail is { Length: HashDigits } && detail.All(char.IsAsciiHexDigitLower)
        ? detail[..ShownDigits]
        : detail ?? "-";

    static void WriteJson(PmContext context, List<RemoteAuditEntry> entries) => JsonOutput.Write(context.Terminal, "audit", json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("entries"u8);
        entries.ForEach(entry => Write(json, entry));
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void Write(Utf8JsonWriter json, RemoteAuditEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("number"u8, entry.Number);
        json.WriteString("time"u8, PackageJson.Time(entry.Time));
        json.WriteString("actor"u8, entry.Actor);
        json.WriteString("note"u8, entry.Note);
        json.WriteString("address"u8, entry.Address);
        json.WriteString("action"u8, entry.Action);
        json.WriteString("subject"u8, entry.Subject);
        json.WriteString("detail"u8, entry.Detail);
        json.WriteString("result"u8, entry.Result);
        json.WriteEndObject();
    }
}
