using Pm.Cli.Ebpf;
using Pm.Cli.Output;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Objects;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Packages;

/// <summary>Between eBPF objects, and packages that have one, and packages of eunomia's: the object stays the same, byte for byte.</summary>
static class EunomiaConversion
{
    /// <summary>Whether OUTPUT is to be one of these, by its suffix.</summary>
    public static bool Makes(string output) => Path.GetExtension(output) is ".json" or ".o";

    /// <param name="context">The run.</param>
    /// <param name="file">An object, a package of eunomia's, a <c>.pkg</c>, or the name of an installed one.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="trustsUrls">Nobody has to vouch for a URL.</param>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8071 and others: it cannot be said in that form.</exception>
    public static async Task<ExitCode> RunAsync(PmContext context, string file, string output, bool trustsUrls)
    {
        var package = await ReadAsync(context, file, trustsUrls);
        var content = Path.GetExtension(output) == ".o" ? package.Content : Written(package);
        if (!context.Settings.DryRun)
        {
            using var target = new OutputFile(context.FullPath(output));
            target.Stream.Write(content.Span);
            target.Commit();
        }

        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "object-converted", json =>
            {
                json.WriteStartObject();
                json.WriteString("file"u8, context.FullPath(output));
                json.WriteString("name"u8, package.Meta.Name);
                json.WriteNumber("object_size"u8, package.Content.Length);
                json.WriteEndObject();
            });
            return ExitCode.Ok;
        }

        context.Terminal.Note(Hostile.OneLine($"{(context.Settings.DryRun ? "would write" : "wrote")} {output}: {package.Meta.Name}, an object of {package.Content.Length} bytes"));
        return ExitCode.Ok;
    }

    static async Task<EunomiaPackage> ReadAsync(PmContext context, string file, bool trustsUrls)
    {
        var objects = await ObjectsMeant.FindAsync(context, file, allowsUnsigned: false, trustsUrls);
        if (objects is [{ Package: { } written }])
        {
            return written;
        }

        if (objects is not [var only])
        {
            throw new CommandException(
                ExitCode.Invalid, "PM8071", $"{Hostile.OneLine(file)} has {objects.Count} eBPF objects, and a package of eunomia's has one", "`pm pkg unpack FILE` takes the package apart; convert each object");
        }

        var spec = BpfSpec.Parse(only.Bytes, only.Name);
        return new EunomiaPackage(only.Bytes, EunomiaDescription.Of(spec, ObjectFile.NameOf(only.Name) + "_bpf"));
    }

    static ReadOnlyMemory<byte> Written(EunomiaPackage package)
    {
        using var into = new MemoryStream();
        EunomiaWriter.Write(package, into);
        return into.ToArray();
    }
}
