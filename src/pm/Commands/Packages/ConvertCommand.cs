using System.CommandLine;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Output;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Far;
using Pm.Packages.Pkg;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm pkg convert FILE OUTPUT</c>: another encoding, the same package hash, the same signature. Of eBPF objects: as packages of eunomia's, and back.</summary>
static class ConvertCommand
{
    public const string Summary = "turn a package file into another encoding";

    public static CommandDeclaration Declare()
    {
        var file = new Argument<string>("FILE") { Description = "a .pkg or .far file; an eBPF object or a package of eunomia's, also at a URL, or an installed package with one" };
        var output = new Argument<string>("OUTPUT") { Description = "the file to write; its suffix, .pkg or .far, .json or .o, says the encoding" };
        var trust = RootOptions.Trust();
        var bzip2 = new Option<bool>("--bz2") { Description = "compress as the original pm does: root.tar.bz2" };
        var compression = new Option<string?>("--compression") { Description = "zstd (default), bzip2, gzip, xz or none", HelpName = "NAME" };
        return new CommandDeclaration
        {
            Arguments = [file, output],
            Options = [trust, bzip2, compression],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound, ExitCode.Invalid],
            RunAsync = async (context, parsed) => EunomiaConversion.Makes(parsed.GetRequiredValue(output))
                ? await EunomiaConversion.RunAsync(context, parsed.GetRequiredValue(file), parsed.GetRequiredValue(output), parsed.Given(trust))
                : Run(
                    context, parsed.GetRequiredValue(file), parsed.GetRequiredValue(output),
                    CompressionChoice.Of(parsed.Given(compression), parsed.Given(bzip2))),
        };
    }

    static ExitCode Run(PmContext context, string file, string output, Compression compression)
    {
        var toFar = Path.GetExtension(output) switch
        {
            ".far" => true,
            ".pkg" => false,
            _ => throw CommandException.Usage("PM1007", $"OUTPUT: expected a name ending in .pkg, .far, .json or .o, got `{output}`"),
        };
        using var opened = PackageFile.Open(context, file, allowsOutsideLinks: true);
        using var blobs = new ScratchBlobs(Scratch.Folder(context));
        var package = opened.Expand(blobs);
        if (context.Settings.DryRun)
        {
            Tell(context, package, opened, output);
            return ExitCode.Ok;
        }

        if (toFar)
        {
            WriteFar(context, opened, package, blobs, output);
        }
        else
        {
            WritePkg(context, opened, package, blobs, output, compression);
        }

        Tell(context, package, opened, output);
        return ExitCode.Ok;
    }

    static void WriteFar(PmContext context, PackageFile opened, Package package, ScratchBlobs blobs, string output)
    {
        // The archive comes last: where it is, its signature is.
        // A signature that does not name the package hash says nothing about a .far.
        if (opened is { Manifest: { } manifest, Signature: { } signature }
            && PkgManifest.Covers(ChecksumList.Parse(manifest.Span, output), package.Hash))
        {
            WriteFile(context, output + FarArchive.ManifestSuffix, manifest);
            WriteFile(context, output + FarArchive.SignatureSuffix, signature);
        }
        else if (opened.Signature is not null)
        {
            context.Terminal.Say("note: the signature is left out: it does not name the package hash, as the package was made by hand");
        }

        using var file = new OutputFile(context.FullPath(output));
        FarArchive.Write(file.Stream, package, blobs.Open);
        file.Commit();
    }

    static void WriteFile(PmContext context, string name, ReadOnlyMemory<byte> content)
    {
        using var file = new OutputFile(context.FullPath(name));
        file.Stream.Write(content.Span);
        file.Commit();
    }

    static void WritePkg(
        PmContext context, PackageFile opened, Package package, ScratchBlobs blobs, string output, Compression compression)
    {
        var isCovered = opened is { Manifest: { } signed, Signature: not null }
            && PkgManifest.Covers(ChecksumList.Parse(signed.Span, output), package.Hash);
        if (!isCovered && opened.Signature is not null)
        {
            context.Terminal.Say("note: the signature is left out: it does not name the package hash, as the package was made by hand");
        }

        using var file = new OutputFile(context.FullPath(output));
        using var scratch = ScratchFile.Create(Scratch.Folder(context));
        PkgWriter.Write(file.Stream, scratch, package, blobs.Open, new PkgWriteOptions
        {
            Compression = compression,
            OriginManifest = isCovered ? opened.Manifest : default(ReadOnlyMemory<byte>?),
            OriginSignature = isCovered ? opened.Signature : default(ReadOnlyMemory<byte>?),
        });
        file.Commit();
    }

    static void Tell(PmContext context, Package package, PackageFile opened, string output)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "package-converted", json =>
            {
                json.WriteStartObject();
                json.WriteString("file"u8, context.FullPath(output));
                json.WriteString("hash"u8, package.Hash.ToString());
                json.WriteBoolean("signed"u8, opened.Signature is not null);
                json.WriteEndObject();
            });
            return;
        }

        context.Terminal.Note($"{(context.Settings.DryRun ? "would write" : "wrote")} {Hostile.OneLine(output)}: {package.Id}, package hash {package.Hash}");
    }
}
