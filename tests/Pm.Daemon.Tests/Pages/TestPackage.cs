using System.Text;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Repositories;
using Pm.Trust.OpenPgp;

namespace Pm.Daemon.Tests.Pages;

/// <summary>A package to be published and looked at; what is not said is left out.</summary>
sealed record TestPackage(string Id)
{
    /// <summary>The key of <c>author@demo.example</c>, as gpg exports it.</summary>
    public const string PublicKey = """
        -----BEGIN PGP PUBLIC KEY BLOCK-----

        mDMEawC3+BYJKwYBBAHaRw8BAQdAEl79Ri0D0f4noaPobupFiR0DqEdyTHTmnY9h
        GkPzEFm0IURlbW8gQXV0aG9yIDxhdXRob3JAZGVtby5leGFtcGxlPoiWBBMWCAA+
        FiEEuHmWD1mfIYoboEJWNs75JKt7pqEFAmsAt/gCGwMFCQWjmoAFCwkIBwIGFQoJ
        CAsCBBYCAwECHgECF4AACgkQNs75JKt7pqH+eQEAzDTPNwns6DrQHrNidAEaJP2l
        GLUB6e3LtmQSOFDrv7MA/0ruLbrZGf6SpbEUnJBHmCXbEi/HGl4s264T9s3+m9oL
        =TYW6
        -----END PGP PUBLIC KEY BLOCK-----

        """;

    public static readonly Fingerprint Signer = Fingerprint.Parse("B879960F599F218A1BA0425636CEF924AB7BA6A1");

    readonly MemoryBlobs _blobs = new();

    public string Description { get; init; } = "a package for tests";

    /// <summary>Further lines of <c>meta.yaml</c>.</summary>
    public string Yaml { get; init; } = "";

    /// <summary>Path → mode and content.</summary>
    public IReadOnlyDictionary<string, (int Mode, string Content)> Files { get; init; } =
        new Dictionary<string, (int, string)> { ["bin/tool"] = (0b111_101_101, "#!/bin/sh\n") };

    /// <summary>Name → text.</summary>
    public IReadOnlyDictionary<string, string> Hooks { get; init; } = new Dictionary<string, string>();

    public bool IsSigned { get; init; }

    public Package Build()
    {
        var id = PackageId.Parse(Id);
        var builder = new PackageBuilder(id) { KeepsSetId = true };
        builder.AddMeta("meta/meta.yaml", Encoding.UTF8.GetBytes(
            $"name: {id.Name}\nversion: \"{id.Version}\"\ndescription: {Quoted(Description)}\n{Yaml}"));
        foreach (var (path, (mode, content)) in Files)
        {
            builder.AddFile(path, _blobs.Add(Encoding.UTF8.GetBytes(content)), mode);
        }

        foreach (var (name, text) in Hooks)
        {
            builder.AddMeta($"meta/bin/{name}", Encoding.UTF8.GetBytes(text));
        }

        return builder.Build();
    }

    /// <summary>Publishes all of them at once.</summary>
    public static void Publish(Server server, string repository, params TestPackage[] packages)
    {
        var files = packages.Select(package => package.Save(server.Path)).ToList();
        DirectoryRepository.Open(server.RepositoryPath(repository)).Publish(files, Options, new RepositoryAccess("test", TimeProvider.System));
    }

    /// <summary>As YAML writes what may hold anything.</summary>
    public static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    static PublishOptions Options => new()
    {
        Judge = (_, _) => new SignerDecision.Accepted(Signer, "Demo Author"),
        AllowsUnsigned = true,
        PublicKey = _ => Encoding.ASCII.GetBytes(PublicKey),
    };

    string Save(string directory)
    {
        var path = Path.Join(directory, $"{Guid.NewGuid():N}.pkg");
        using var target = new MemoryStream();
        using var scratch = new MemoryStream();
        PkgWriter.Write(target, scratch, Build(), _blobs.Open, new PkgWriteOptions { Sign = IsSigned ? _ => "signed"u8.ToArray() : null });
        File.WriteAllBytes(path, target.ToArray());
        return path;
    }
}
