using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Packages;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm pkg inspect FILE</c>: what is in a package, nothing of it installed or trusted.</summary>
static class InspectCommand
{
    public const string Summary = "show what is in a package file";

    public static CommandDeclaration Declare()
    {
        var file = new Argument<string>("FILE") { Description = "a .pkg or .far file" };
        return new CommandDeclaration
        {
            Arguments = [file],
            Takes = CommonOptions.Json,
            Exits = [ExitCode.NotFound, ExitCode.Invalid],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(file))),
        };
    }

    static ExitCode Run(PmContext context, string file)
    {
        using var opened = PackageFile.Open(context, file, allowsOutsideLinks: true);
        var sizes = new MeasuredBlobs();
        var package = opened.Expand(sizes);
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "package", json => Write(json, package, opened, sizes));
            return ExitCode.Ok;
        }

        WriteText(context, package, opened, sizes);
        return ExitCode.Ok;
    }

    static void WriteText(PmContext context, Package package, PackageFile file, MeasuredBlobs sizes)
    {
        Line("name", package.Id.Name.Text);
        Line("version", package.Id.Version.Text);
        Line("description", package.Description?.Description);
        Line("licence", package.Description?.Licence);
        Line("hash", package.Hash.ToString());
        Line("content hash", package.ContentHash.ToString());
        Line("signature", Signature(file));
        Line("deps", package.Description is { Dependencies.IsEmpty: false } d ? string.Join(", ", d.Dependencies) : null);
        var hooks = Enum.GetValues<HookMoment>().Where(m => package.Hook(m) is not null).Select(HookNames.NameOf).ToArray();
        Line("hooks", hooks.Length > 0 ? string.Join(", ", hooks) : null);
        Line("meta files", string.Join(", ", package.MetaFiles.Keys));
        context.Terminal.Data("");
        var table = new Table("MODE", "SIZE", "PATH");
        foreach (var entry in package.Entries)
        {
            table.Add(Mode(entry), entry.Kind == EntryKind.File ? $"{sizes[entry.Root]}" : "", Path(entry));
        }

        table.Write(context.Terminal);

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                context.Terminal.Data($"{name + ":",-14}{Hostile.OneLine(value)}");
            }
        }
    }

    static string Signature(PackageFile file) =>
        (file.Signature is null ? "none" : "there (`pm pkg verify` checks it)")
        + (file.Pkg is { IsRebuilt: true } ? "; rebuilt from blobs" : "");

    static string Mode(PackageEntry entry)
    {
        var kind = entry.Kind switch { EntryKind.Directory => 'd', EntryKind.Symlink => 'l', _ => '-' };
        return kind + Convert.ToString(entry.Mode, 8).PadLeft(4, '0');
    }

    static string Path(PackageEntry entry) => entry.Target is null ? entry.Path : $"{entry.Path} -> {entry.Target}";

    static void Write(Utf8JsonWriter json, Package package, PackageFile file, MeasuredBlobs sizes)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, package.Id.Name.Text);
        json.WriteString("version"u8, package.Id.Version.Text);
        json.WriteString("description"u8, package.Description?.Description);
        json.WriteString("hash"u8, package.Hash.ToString());
        json.WriteString("content_hash"u8, package.ContentHash.ToString());
        json.WriteBoolean("signed"u8, file.Signature is not null);
        json.WriteBoolean("rebuilt"u8, file.Pkg?.IsRebuilt ?? false);
        json.WriteStartArray("dependencies"u8);
        foreach (var dependency in package.Description?.Dependencies ?? [])
        {
            json.WriteStringValue(dependency.ToString());
        }

        json.WriteEndArray();
        json.WriteStartArray("meta_files"u8);
        foreach (var name in package.MetaFiles.Keys)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        WriteEntries(json, package, sizes);
        json.WriteEndObject();
    }

    static void WriteEntries(Utf8JsonWriter json, Package package, MeasuredBlobs sizes)
    {
        json.WriteStartArray("entries"u8);
        foreach (var entry in package.Entries)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, entry.Path);
            json.WriteString("kind"u8, entry.Kind switch { EntryKind.Directory => "directory", EntryKind.Symlink => "symlink", _ => "file" });
            json.WriteString("mode"u8, Convert.ToString(entry.Mode, 8).PadLeft(4, '0'));
            if (entry.Kind == EntryKind.File)
            {
                json.WriteNumber("size"u8, sizes[entry.Root]);
                json.WriteString("merkle"u8, entry.Root.ToString());
            }

            json.WriteString("target"u8, entry.Target);
            json.WriteString("owner"u8, entry.Owner);
            json.WriteString("group"u8, entry.Group);
            json.WriteString("capabilities"u8, entry.Capabilities);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
