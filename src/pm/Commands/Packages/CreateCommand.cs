using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Codecs;
using Pm.Packages.Pkg;
using Pm.Storage.Keys;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm pkg create [DIR]</c>.</summary>
static class CreateCommand
{
    public const string Summary = "make a package of a directory";

    sealed record Request(string Directory, string? Output, Compression Compression, int? Level, string? Key, bool IsUnsigned, PackOptions Pack);

    public static CommandDeclaration Declare()
    {
        var directory = new Argument<string?>("DIR") { Description = "holds root/ or root.tar.*, meta.yaml, bin/, meta/ (default: the working directory)", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o") { Description = "the file to write, or a directory to write it in (default: NAME-VERSION.pkg beside DIR)", HelpName = "FILE" };
        var bzip2 = new Option<bool>("--bz2") { Description = "compress as the original pm does: root.tar.bz2" };
        var compression = new Option<string?>("--compression") { Description = "zstd (default), bzip2, gzip, xz or none", HelpName = "NAME" };
        var level = new Option<int?>("--level") { Description = "how hard to compress", HelpName = "N" };
        var key = new Option<string?>("--key") { Description = "sign with this key: a fingerprint, key id or e-mail address (default: PM_PGP_ID, PM_PGP_EMAIL, or the only one)", HelpName = "KEY" };
        var unsigned = new Option<bool>("--no-sign") { Description = "do not sign" };
        var setId = new Option<bool>("--allow-set-id") { Description = "pack set-id bits and file capabilities" };
        var outside = new Option<bool>("--allow-outside-links") { Description = "pack symbolic links that lead outside the package" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [output, bzip2, compression, level, key, unsigned, setId, outside],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound, ExitCode.Invalid],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, new Request(
                parsed.Given(directory) ?? ".", parsed.Given(output),
                CompressionChoice.Of(parsed.Given(compression), parsed.Given(bzip2)), parsed.Given(level),
                parsed.Given(key), parsed.Given(unsigned),
                new PackOptions { AllowsSetId = parsed.Given(setId), AllowsOutsideLinks = parsed.Given(outside) }))),
        };
    }

    static ExitCode Run(PmContext context, Request request)
    {
        CompressionChoice.CheckLevel(request.Compression, request.Level);
        using var source = PackageSource.Read(
            context.FullPath(request.Directory), request.Directory, request.Pack, Scratch.Folder(context), context.Cancellation);
        foreach (var note in source.Notes)
        {
            context.Terminal.Note($"note: {note}");
        }

        var key = request.IsUnsigned ? null : PackageSigner.Choose(context, request.Key);
        var output = OutputPath(context, request, source);
        if (!context.Settings.DryRun)
        {
            Write(context, request, source, key, output);
        }

        Tell(context, source, key, output, request.IsUnsigned);
        return ExitCode.Ok;
    }

    static void Write(PmContext context, Request request, PackageSource source, KeyListing? key, string output)
    {
        using var file = new OutputFile(output);
        using var scratch = ScratchFile.Create(Scratch.Folder(context));
        PkgWriter.Write(file.Stream, scratch, source.Package, source.OpenBlob, new PkgWriteOptions
        {
            Compression = request.Compression,
            Level = request.Level,
            Sign = PackageSigner.With(context, key),
        });
        file.Commit();
    }

    // As the original: beside the directory.
    static string OutputPath(PmContext context, Request request, PackageSource source)
    {
        var name = source.Package.Id.FileText + ".pkg";
        if (request.Output is null)
        {
            var directory = Path.TrimEndingDirectorySeparator(context.FullPath(request.Directory));
            return Path.Join(Path.GetDirectoryName(directory) ?? "/", name);
        }

        var output = context.FullPath(request.Output);
        return Directory.Exists(output) || request.Output.EndsWith('/') ? Path.Join(output, name) : output;
    }

    static void Tell(PmContext context, PackageSource source, KeyListing? key, string output, bool isUnsigned)
    {
        var package = source.Package;
        var shown = Path.GetRelativePath(context.WorkingDirectory, output);
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "package-created", json => WriteJson(json, source, key, output));
            return;
        }

        context.Terminal.Data(Hostile.OneLine(shown));
        context.Terminal.Note($"{(context.Settings.DryRun ? "would pack" : "packed")} {package.Id}, package hash {package.Hash}");
        if (key is not null)
        {
            context.Terminal.Note($"{(context.Settings.DryRun ? "would sign" : "signed")} with {key.Fingerprint} {Hostile.OneLine(key.UserId)}");
        }
        else if (!isUnsigned)
        {
            context.Terminal.Note($"not signed, as gpg holds no secret key: `pm key create`, then `pm pkg sign {Hostile.OneLine(shown)}`");
        }
    }

    static void WriteJson(Utf8JsonWriter json, PackageSource source, KeyListing? key, string output)
    {
        var package = source.Package;
        json.WriteStartObject();
        json.WriteString("file"u8, output);
        json.WriteString("name"u8, package.Id.Name.Text);
        json.WriteString("version"u8, package.Id.Version.Text);
        json.WriteString("hash"u8, package.Hash.ToString());
        json.WriteString("content_hash"u8, package.ContentHash.ToString());
        json.WriteString("signer"u8, key?.Fingerprint.ToString());
        json.WriteStartArray("notes"u8);
        foreach (var note in source.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
