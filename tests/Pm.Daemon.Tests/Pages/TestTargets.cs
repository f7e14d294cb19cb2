using System.Text.Json;
using Pm.Packages.Index;
using Pm.Repositories;

namespace Pm.Daemon.Tests.Pages;

/// <summary>Packages that stand in a repository's metadata alone: many of them cost a test no publishing.</summary>
static class TestTargets
{
    /// <summary>Adds them to what was published; the server believes its own directory, whatever is signed.</summary>
    public static void Add(Server server, string repository, IEnumerable<AvailablePackage> packages)
    {
        var published = DirectoryRepository.Open(server.RepositoryPath(repository)).List();
        var name = Directory.GetFiles(server.Served(repository, ""), "*.targets.json").Select(path => Path.GetFileName(path))
            .MaxBy(file => int.Parse(file.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture))!;
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            Write(json, name.Split('.')[0], published.Concat(packages.Select(package => new PublishedTarget(package) { MetaSizeInBytes = 1 })));
        }

        server.Write(repository, name, bytes.ToArray());
        File.Delete(Path.Join(server.RepositoryPath(repository), "index"));
    }

    static void Write(Utf8JsonWriter json, string version, IEnumerable<PublishedTarget> targets)
    {
        json.WriteStartObject();
        json.WriteStartObject("signed");
        json.WriteString("_type", "targets");
        json.WriteString("spec_version", "1.0");
        json.WritePropertyName("version");
        json.WriteRawValue(version);
        json.WriteString("expires", "2100-01-01T00:00:00Z");
        json.WriteStartObject("targets");
        foreach (var target in targets)
        {
            json.WriteStartObject(target.TargetPath);
            json.WriteNumber("length", 1);
            json.WriteStartObject("hashes");
            json.WriteString("sha512", new string('0', 128));
            json.WriteEndObject();
            json.WritePropertyName("custom");
            target.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("signatures");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
