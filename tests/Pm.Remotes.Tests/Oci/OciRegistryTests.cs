using Pm.Codecs;
using Pm.Remotes.Http;
using Pm.Remotes.Oci;
using Xunit;

namespace Pm.Remotes.Tests.Oci;

/// <summary>Against a real registry.</summary>
public sealed class OciRegistryTests : IDisposable
{
    const string Platform = "linux/amd64";

    readonly string _directory = Directory.CreateTempSubdirectory("pm-oci-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(OciForm.Package, 1)]
    [InlineData(OciForm.Package, 3_000_000)]
    [InlineData(OciForm.Gadget, 5000)]
    [InlineData(OciForm.Bpfman, 5000)]
    public async Task What_was_pushed_is_pulled_in_each_form(OciForm form, int size)
    {
        using var registry = new RegistryProgram();
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        var upload = Upload(form, bytes);
        var reference = OciReference.Parse($"oci://{registry.Host}/tools/opens:1.0");
        long sent = 0, received = 0;

        using var client = Client(reference);
        var first = await client.PushAsync(upload, n => sent += n, Cancellation);
        var again = await client.PushAsync(upload, null, Cancellation);
        var image = await client.FindAsync(Platform, Cancellation);
        using var target = new MemoryStream();
        await client.FetchAsync(image, target, n => received += n, Cancellation);

        Assert.Equal(first, again);
        Assert.Equal((form, form is OciForm.Package ? "opens-1.0.pkg" : "opens.bpf.o"), (image.Form, image.Name));
        Assert.True(bytes.AsSpan().SequenceEqual(target.ToArray()));
        Assert.Equal(image.Size, received);
        Assert.Equal(image.Size, sent);
        using var named = Client(first with { });
        Assert.Equal(form, (await named.FindAsync(Platform, Cancellation)).Form);
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        using var registry = new RegistryProgram();
        using var client = Client(OciReference.Parse($"oci://{registry.Host}/tools/nothing"));

        Assert.Equal("PM6062", (await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Platform, Cancellation))).Code);
    }

    /// <param name="label">One that is on images of bpfman's first specification.</param>
    [Theory]
    [InlineData("io.ebpf.section_name")]
    [InlineData("io.ebpf.program_name")]
    [InlineData("io.ebpf.bpf_function_name")]
    public async Task The_labels_of_the_first_images_count(string label)
    {
        using var registry = new RegistryProgram();
        using var client = Client(OciReference.Parse($"oci://{registry.Host}/tools/opens:0.1"));
        await client.PushAsync(Upload(OciForm.Bpfman, [1, 2, 3]) with { Labels = new Dictionary<string, string> { [label] = "opens", ["io.ebpf.filename"] = "./opens.bpf.o" } }, null, Cancellation);

        var image = await client.FindAsync(Platform, Cancellation);
        using var target = new MemoryStream();
        await client.FetchAsync(image, target, null, Cancellation);

        Assert.Equal((OciForm.Bpfman, 3), (image.Form, target.Length));
    }

    [Fact]
    public async Task An_image_for_other_machines_is_none_for_this()
    {
        using var registry = new RegistryProgram();
        using var client = Client(OciReference.Parse($"oci://{registry.Host}/tools/opens:1.0"));
        await client.PushAsync(Upload(OciForm.Gadget, [1, 2, 3]) with { Architecture = "arm64" }, null, Cancellation);

        var e = await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Platform, Cancellation));

        Assert.Equal("PM6068", e.Code);
        Assert.Contains("linux/arm64", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_asks_for_a_password_gets_it()
    {
        using var registry = new RegistryProgram(RegistryProgram.Users);
        var reference = OciReference.Parse($"oci://{registry.Host}/tools/opens:1.0");
        using var nobody = Client(reference);
        using var wrong = Client(reference, new OciCredentials("pat", "guess"));
        using var pat = Client(reference, new OciCredentials("pat", "secret"));
        var upload = Upload(OciForm.Package, [1, 2, 3]);

        Assert.Equal("PM6061", (await Assert.ThrowsAsync<RemoteException>(() => nobody.PushAsync(upload, null, Cancellation))).Code);
        Assert.Equal("PM6061", (await Assert.ThrowsAsync<RemoteException>(() => wrong.PushAsync(upload, null, Cancellation))).Code);
        await pat.PushAsync(upload, null, Cancellation);
        Assert.Equal("PM6061", (await Assert.ThrowsAsync<RemoteException>(() => nobody.FindAsync(Platform, Cancellation))).Code);
        Assert.Equal(OciForm.Package, (await pat.FindAsync(Platform, Cancellation)).Form);
    }

    static OciClient Client(OciReference reference, OciCredentials? credentials = null) =>
        new(reference, new HttpSettings { Attempts = 1 }, _ => credentials, allowsPlain: false);

    OciUpload Upload(OciForm form, byte[] bytes)
    {
        var path = Path.Join(_directory, $"{Sha256Digest.Of(bytes)}");
        File.WriteAllBytes(path, bytes);
        return new OciUpload
        {
            Path = path,
            Form = form,
            Title = form is OciForm.Package ? "opens-1.0.pkg" : "opens.bpf.o",
            Version = "1.0",
            Labels = new Dictionary<string, string> { ["io.ebpf.programs"] = """{"opens":"tracepoint"}""", ["io.ebpf.maps"] = "{}" },
            Configuration = "name: opens\n"u8.ToArray(),
        };
    }
}
