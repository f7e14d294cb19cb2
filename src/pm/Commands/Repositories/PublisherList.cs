using Pm.Cli.Commands.Keys;
using Pm.Cli.Output;
using Pm.Repositories;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Repositories;

/// <summary>Whose packages a repository takes.</summary>
static class PublisherList
{
    public static void Write(PmContext context, DirectoryRepository repository)
    {
        var records = repository.Publishers().Records.ToList();
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "publishers", json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("unsigned"u8, repository.AllowsUnsigned);
                json.WriteStartArray("keys"u8);
                foreach (var record in records)
                {
                    json.WriteStartObject();
                    KeyJson.WriteMembers(json, record);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        var table = new Table("FINGERPRINT", "STATE", "EXPIRES", "USER ID");
        foreach (var record in records)
        {
            table.Add(
                record.Fingerprint.ToString(), KeyRecord.TextOf(record.State), record.Expires is { } end ? $"{end:yyyy-MM-dd}" : "never",
                record.UserId);
        }

        table.Write(context.Terminal);
        if (repository.AllowsUnsigned)
        {
            context.Terminal.Note("packages that nobody signed are taken too");
        }
        else if (records.Count == 0)
        {
            context.Terminal.Note($"no publisher is trusted: nothing can be published over the network; `pm repo trust --repo {repository.Path} FILE` trusts one");
        }
    }
}
