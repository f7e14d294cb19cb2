using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo audit [DIR]</c></summary>
static class RepoAuditCommand
{
    public const string Summary = "show who changed what in a repository, and from where";

    const int DefaultCount = 50;
    const int MaximumCount = 100_000;

    public static CommandDeclaration Declare()
    {
        var directory = RepositoryPlace.Argument();
        var repository = RepositoryPlace.Option();
        var limit = new Option<int?>("--limit") { Description = "show at most the last N entries (default: 50)", HelpName = "N" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository, limit],
            Takes = CommonOptions.Json,
            Exits = [ExitCode.NotFound],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.Given(directory) ?? parsed.Given(repository), parsed.Given(limit) ?? DefaultCount)),
        };
    }

    static ExitCode Run(PmContext context, string? directory, int count)
    {
        var repository = RepositoryPlace.Open(context, directory);
        using var database = RepositoryDatabase.TryOpen(repository.Path);
        var entries = database?.Audit.List(Math.Clamp(count, 0, MaximumCount)).Reverse().ToList() ?? [];
        if (context.Settings.Json)
        {
            WriteJson(context, entries);
            return ExitCode.Ok;
        }

        var table = new Table("TIME", "WHO", "FROM", "WHAT", "PACKAGE", "RESULT");
        foreach (var entry in entries)
        {
            table.Add(
                PackageJson.Time(entry.Time), entry.Note is { Length: > 0 } note ? $"{entry.Actor} ({note})" : entry.Actor,
                entry.Address ?? "-", entry.Action, entry.Subject, entry.Result ?? "going on");
        }

        table.Write(context.Terminal);
        return ExitCode.Ok;
    }

    static void WriteJson(PmContext context, List<AuditEntry> entries) => JsonOutput.Write(context.Terminal, "audit", json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("entries"u8);
        entries.ForEach(entry => Write(json, entry));
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void Write(Utf8JsonWriter json, AuditEntry entry)
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
