using System.CommandLine;
using Pm.Cli.Ebpf;
using Pm.Cli.Output;
using Pm.Cli.Registries;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Objects;
using Pm.Remotes.Oci;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm pkg push FILE oci://HOST/NAME[:TAG]</c></summary>
static class PushCommand
{
    public const string Summary = "put a package or an eBPF object into a registry of containers";

    public static CommandDeclaration Declare()
    {
        var file = new Argument<string>("FILE") { Description = "a `.pkg`, an eBPF object, or a `package.json` of eunomia's" };
        var reference = new Argument<string>("REFERENCE") { Description = "`oci://HOST/NAME[:TAG]`" };
        var form = new Option<string?>("--form") { Description = $"of an eBPF object, who is to run it: bpfman (default) or gadget; `pm` is for packages", HelpName = "NAME" };
        var plain = new Option<bool>("--allow-http") { Description = "speak to the registry without TLS, also of a password" };
        return new CommandDeclaration
        {
            Arguments = [file, reference],
            Options = [form, plain],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Invalid, ExitCode.Refused, ExitCode.Unreachable],
            RunAsync = async (context, parsed) => await RunAsync(
                context, parsed.GetRequiredValue(file), OciReference.Parse(parsed.GetRequiredValue(reference)), parsed.Given(form) is { } name ? FormNames.Parse(name) : null, parsed.Given(plain)),
        };
    }

    static async Task<ExitCode> RunAsync(PmContext context, string file, OciReference reference, OciForm? form, bool allowsPlain)
    {
        if (reference.Digest is not null)
        {
            throw CommandException.Usage("PM1002", $"{reference}: a digest says what is there, and names nothing new", "leave `@sha256:…` out");
        }

        var upload = Read(context, file, form);
        var pushed = reference;
        if (!context.Settings.DryRun)
        {
            using var client = RegistryAccess.Open(context, reference, allowsPlain);
            using var progress = new Progress(context, "pushing", new FileInfo(upload.Path).Length);
            progress.Describe($"{reference}");
            pushed = await client.PushAsync(upload, progress.Advance, context.Cancellation);
        }

        Outcome.Write(
            context,
            "package-pushed",
            json =>
            {
                json.WriteString("reference"u8, $"{pushed}");
                json.WriteString("form"u8, FormNames.Of(upload.Form));
            },
            () => context.Terminal.Note($"{(context.Settings.DryRun ? "would push" : "pushed")} {Hostile.OneLine(file)}: {pushed}"));
        return ExitCode.Ok;
    }

    static OciUpload Read(PmContext context, string file, OciForm? form)
    {
        using (InputFile.Open(context, file))
        {
            // That it is there and may be read.
        }

        var path = context.FullPath(file);
        return ObjectFile.Is(path) ? OfObject(path, file, form ?? OciForm.Bpfman)
            : ContentRecognition.Of(path) is ContentKind.Eunomia ? OfEunomia(path, file, form)
            : OfPackage(context, path, file, form);
    }

    static OciUpload OfEunomia(string path, string file, OciForm? form)
    {
        if (form is not (null or OciForm.Eunomia))
        {
            throw CommandException.Usage("PM1002", $"{Hostile.OneLine(file)}: form `{FormNames.Of(form.Value)}` is for others, and this is a package of eunomia's", "leave `--form` out");
        }

        var package = EunomiaPackage.Parse(ObjectFile.Read(path, file, EunomiaLimits.Package, "PM8062", "a package"), file);
        return new OciUpload { Path = path, Form = OciForm.Eunomia, Title = $"{ObjectFile.NameOf(package.Meta.Name)}.json", Description = package.Meta.Doc.Description };
    }

    static OciUpload OfObject(string path, string file, OciForm form)
    {
        if (form is OciForm.Package or OciForm.Eunomia)
        {
            throw CommandException.Usage("PM1002", $"{Hostile.OneLine(file)}: form `{FormNames.Of(form)}` is for packages, and this is an eBPF object", "`--form bpfman` or `--form gadget`");
        }

        var spec = BpfSpec.Parse(ObjectFile.Read(path), file);
        var name = ObjectFile.NameOf(path);
        return new OciUpload
        {
            Path = path,
            Form = form,
            Title = $"{name}.bpf.o",
            Architecture = RegistryAccess.Architecture,
            Labels = ImageLabels.OfBpfman(spec),
            Configuration = ImageLabels.OfGadget(name, spec.Notes.Description ?? ""),
        };
    }

    static OciUpload OfPackage(PmContext context, string path, string file, OciForm? form)
    {
        if (form is not (null or OciForm.Package))
        {
            throw CommandException.Usage("PM1002", $"{Hostile.OneLine(file)}: form `{FormNames.Of(form.Value)}` is for eBPF objects, and this is a package", "leave `--form` out");
        }

        using var opened = PackageFile.Open(context, file);
        using var blobs = new ScratchBlobs(Scratch.Folder(context));
        var package = opened.Expand(blobs);
        return new OciUpload
        {
            Path = path,
            Form = OciForm.Package,
            Title = $"{package.Id.Name.Text.Replace('/', '-')}-{package.Id.Version.Text}.pkg",
            Version = package.Id.Version.Text,
            Description = package.Description?.Description,
        };
    }
}
