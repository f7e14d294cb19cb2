using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Registries;
using Pm.Remotes.Oci;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm pkg pull oci://HOST/NAME[:TAG] [--output FILE]</c></summary>
static class PullFileCommand
{
    public const string Summary = "bring a package or an eBPF object out of a registry of containers";

    public static CommandDeclaration Declare()
    {
        var reference = new Argument<string>("REFERENCE") { Description = "`oci://HOST/NAME[:TAG][@sha256:HEX]`" };
        var output = new Option<string?>("--output", "-o") { Description = "the file to write (default: what it is called there, in the working directory)", HelpName = "FILE" };
        var plain = new Option<bool>("--allow-http") { Description = "ask the registry without TLS, also for a password" };
        var force = new Option<bool>("--force") { Description = "replace the file when it is there already" };
        return new CommandDeclaration
        {
            Arguments = [reference],
            Options = [output, force, plain],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable],
            RunAsync = async (context, parsed) => await RunAsync(
                context, OciReference.Parse(parsed.GetRequiredValue(reference)), parsed.Given(output), parsed.Given(force), parsed.Given(plain)),
        };
    }

    static async Task<ExitCode> RunAsync(PmContext context, OciReference reference, string? output, bool replaces, bool allowsPlain)
    {
        using var client = RegistryAccess.Open(context, reference, allowsPlain);
        var image = await RegistryAccess.FindAsync(context, client);
        var path = context.FullPath(output ?? image.Name);
        if (!replaces && Path.Exists(path))
        {
            throw new CommandException(ExitCode.Conflict, "PM6069", $"{Hostile.OneLine(output ?? image.Name)} is there already", "`--output FILE` names another, `--force` replaces it");
        }

        if (!context.Settings.DryRun)
        {
            using var file = new OutputFile(path);
            await RegistryAccess.FetchAsync(context, client, image, file.Stream);
            file.Commit();
        }

        Outcome.Write(
            context,
            "package-pulled",
            json =>
            {
                json.WriteString("file"u8, path);
                json.WriteString("reference"u8, $"{image.Reference}");
                json.WriteString("form"u8, FormNames.Of(image.Form));
            },
            () => context.Terminal.Note(Hostile.OneLine($"{(context.Settings.DryRun ? "would write" : "wrote")} {output ?? image.Name}: {image.Reference}")));
        return ExitCode.Ok;
    }
}
