using System.Net;
using System.Text.Json;
using Pm.Packages;
using Pm.Repositories;
using Xunit;

namespace Pm.Daemon.Tests.Pages;

/// <summary><c>/p/NAMESPACE/NAME[@VERSION]</c></summary>
public class PackagePageTests
{
    [Fact]
    public async Task It_says_what_the_package_is_and_who_stands_behind_it()
    {
        await using var server = await Server.StartAsync();
        var package = new TestPackage("acme/tool@1.0")
        {
            Description = "cuts\nand joins",
            Yaml = "title: The Tool\nlicence: MIT\nhomepage: https://tool.example/start\nprovides: [cutter]\n",
            IsSigned = true,
        };
        TestPackage.Publish(server, "main", package);
        var built = package.Build();

        var page = await server.PageAsync("/p/main/acme/tool");

        Assert.Equal("acme/tool 1.0", Assert.Single(page.All("h1")).Text);
        Assert.Contains("cuts\nand joins", page.Text, StringComparison.Ordinal);
        Assert.Contains(page.All("pre"), pre => pre.Text == "pm install acme/tool");
        foreach (var said in (string[])[
            "The Tool", "MIT", "cutter", "Demo Author <author@demo.example>", TestPackage.Signer.ToString(), built.Hash.ToString(), built.ContentHash.ToString()])
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        Assert.Contains("https://tool.example/start", page.Links);
        var key = Assert.Single(page.Links, link => link.EndsWith(".asc", StringComparison.Ordinal));
        Assert.Contains(page.All("pre"), pre => pre.Text == $"pm key import {server.Address}{key[1..]}");
        Assert.Equal(TestPackage.PublicKey, await (await server.GetAsync(key)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var pkg = Assert.Single(page.Links, link => link.EndsWith(".pkg", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync(pkg)).StatusCode);
    }

    [Fact]
    public async Task Its_twin_says_the_same()
    {
        await using var server = await Server.StartAsync();
        var package = new TestPackage("tool@1.0") { IsSigned = true, Yaml = "deps: [other]\n", Hooks = new Dictionary<string, string> { ["post-install"] = "#!/bin/sh\n" } };
        TestPackage.Publish(server, "main", package);

        var json = await server.JsonAsync("/p/main/tool");

        Assert.Equal("package", json.GetProperty("kind").GetString());
        var data = json.GetProperty("data");
        Assert.Equal("1.0", data.GetProperty("version").GetString());
        Assert.Equal(package.Build().Hash.ToString(), data.GetProperty("trust").GetProperty("hash").GetString());
        Assert.Equal(TestPackage.Signer.ToString(), data.GetProperty("trust").GetProperty("signer").GetString());
        var file = Assert.Single(data.GetProperty("files").GetProperty("listed").EnumerateArray());
        Assert.Equal(("bin/tool", "-rwxr-xr-x", 10), (file.GetProperty("path").GetString(), file.GetProperty("mode").GetString(), file.GetProperty("size").GetInt64()));
        Assert.Equal("#!/bin/sh\n", Assert.Single(data.GetProperty("scripts").EnumerateArray()).GetProperty("text").GetString());
        Assert.False(Assert.Single(data.GetProperty("dependencies").GetProperty("needs").EnumerateArray()).GetProperty("here").GetBoolean());
        Assert.False(data.GetProperty("yanked").GetBoolean());
    }

    [Fact]
    public async Task What_nobody_signed_says_so()
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0"));

        var page = await server.PageAsync("/p/main/tool");

        Assert.Contains(page.All("strong"), strong => strong["class"] == "bad" && strong.Text == "nobody");
    }

    [Fact]
    public async Task An_older_version_tells_of_the_newer_and_the_versions_link_to_each_other()
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0"), new TestPackage("tool@1.10"), new TestPackage("tool@1.9"), new TestPackage("tool@2.0-rc.1"));

        var newest = await server.PageAsync("/p/main/tool");
        var old = await server.PageAsync("/p/main/tool@1.9");

        Assert.Equal("tool 1.10", Assert.Single(newest.All("h1")).Text);
        Assert.DoesNotContain("newer version", newest.Text, StringComparison.Ordinal);
        Assert.Contains("There is a newer version: 1.10", old.Text, StringComparison.Ordinal);
        Assert.Contains(old.All("pre"), pre => pre.Text == "pm install tool@1.9");
        Assert.Equal(
            ["/p/main/tool@2.0-rc.1", "/p/main/tool@1.10", "/p/main/tool@1.0"],
            old.Links.Where(link => link.StartsWith("/p/main/tool@", StringComparison.Ordinal) && !link.Contains('?', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_yanked_version_says_why()
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0"), new TestPackage("tool@1.1"));
        DirectoryRepository.Open(server.RepositoryPath("main"))
            .Yank(PackageId.Parse("tool@1.1"), "eats <files>", new RepositoryAccess("test", TimeProvider.System));

        var plain = await server.PageAsync("/p/main/tool");
        var yanked = await server.PageAsync("/p/main/tool@1.1");

        Assert.Equal("tool 1.0", Assert.Single(plain.All("h1")).Text);
        Assert.DoesNotContain("Yanked", plain.Text, StringComparison.Ordinal);
        Assert.Contains("Yanked: withdrawn by its publisher: eats <files>", yanked.Text, StringComparison.Ordinal);
        Assert.Contains(plain.All("td"), cell => cell["colspan"] == "4" && cell.Text == "yanked: eats <files>");
        Assert.True((await server.JsonAsync("/p/main/tool@1.1")).GetProperty("data").GetProperty("yanked").GetBoolean());
    }

    [Fact]
    public async Task Needs_and_dependents_are_linked_where_they_are_here()
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main",
            new TestPackage("tool@1.0") { Yaml = "deps: [base@2.0, absent]\nrequires:\n  other: ^1.2\n" },
            new TestPackage("base@2.0"), new TestPackage("other@1.3"));

        var tool = await server.PageAsync("/p/main/tool");
        var other = await server.PageAsync("/p/main/other");

        Assert.Contains("/p/main/base", tool.Links);
        Assert.Contains("/p/main/other", tool.Links);
        Assert.DoesNotContain("/p/main/absent", tool.Links);
        Assert.Contains("other ^1.2", tool.Text, StringComparison.Ordinal);
        Assert.Contains("base 2.0", tool.Text, StringComparison.Ordinal);
        Assert.Equal("/p/main/tool", Assert.Single(other.Links, link => link.StartsWith("/p/main/tool", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Files_that_run_as_somebody_else_stand_out()
    {
        await using var server = await Server.StartAsync();
        var files = new Dictionary<string, (int, string)> { ["bin/su"] = (0b100_111_101_101, "x"), ["share/doc"] = (0b110_100_100, "four") };
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { Files = files });

        var page = await server.PageAsync("/p/main/tool");

        Assert.Contains(page.All("tr"), row => row.Text.StartsWith("-rwsr-xr-x set-id", StringComparison.Ordinal) && row.Text.EndsWith("bin/su", StringComparison.Ordinal));
        Assert.Contains("1 file runs as somebody else", page.Text, StringComparison.Ordinal);
        Assert.Contains(page.All("tr"), row => row.Text.Contains("4 bytes", StringComparison.Ordinal) && row.Text.EndsWith("share/doc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_files_of_a_large_package_are_found_by_turning_pages()
    {
        await using var server = await Server.StartAsync();
        var files = Enumerable.Range(0, 1000).ToDictionary(i => $"share/{i % 7}/file-{i:0000}", _ => (0b110_100_100, "x"));
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { Files = files });

        var found = new List<string>();
        for (var next = "/p/main/tool"; next is not null;)
        {
            var page = await server.PageAsync(next);
            found.AddRange(page.All("bdi").Select(bdi => bdi.Text).Where(text => text.StartsWith("share/", StringComparison.Ordinal)));
            next = page.All("a").FirstOrDefault(link => link["rel"] == "next" && link["href"]!.Contains("files=", StringComparison.Ordinal))?["href"];
        }

        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public async Task Of_a_long_script_the_beginning_is_shown_and_all_of_it_is_there()
    {
        await using var server = await Server.StartAsync();
        var script = "#!/bin/sh\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"echo '<{i}>' & \u202e\n"));
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { Hooks = new Dictionary<string, string> { ["pre-install"] = script, ["post-remove"] = script } });

        var page = await server.PageAsync("/p/main/tool");
        var whole = await server.GetAsync(Assert.Single(page.Links, link => link.EndsWith("script=pre-install", StringComparison.Ordinal)));

        Assert.Contains("echo '<0>' & \\u202e", page.Text, StringComparison.Ordinal);
        Assert.Equal("text/plain; charset=utf-8", whole.Content.Headers.ContentType!.ToString());
        Assert.Equal(script.Replace("\u202e", "\\u202e", StringComparison.Ordinal), await whole.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/p/main/tool?script=pre-upgrade")).StatusCode);
    }

    [Fact]
    public async Task A_package_whose_list_of_files_was_damaged_is_shown_without_it()
    {
        await using var server = await Server.StartAsync();
        var package = new TestPackage("tool@1.0");
        TestPackage.Publish(server, "main", package);
        var path = $"blobs/{package.Build().Hash}";
        File.SetUnixFileMode(server.Served("main", path), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        server.Write("main", path, new byte[new FileInfo(server.Served("main", path)).Length]);

        var page = await server.PageAsync("/p/main/tool");

        Assert.Contains("missing or damaged", page.Text, StringComparison.Ordinal);
        Assert.False((await server.JsonAsync("/p/main/tool")).GetProperty("data").TryGetProperty("files", out _));
    }

    [Theory]
    [InlineData("/p/main/tol", "/p/main/tool")]
    [InlineData("/p/main/Tool", "/p/main/tool")]
    [InlineData("/p/main/tool@7", "/p/main/tool@1.0")]
    public async Task What_is_not_there_suggests_what_is(string path, string suggested)
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0"));

        var page = await server.PageAsync(path, HttpStatusCode.NotFound);
        var json = await server.JsonAsync(path, HttpStatusCode.NotFound);

        Assert.Contains(suggested, page.Links);
        Assert.Equal("PM5208", json.GetProperty("data").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/p/")]
    [InlineData("/p/main")]
    [InlineData("/p/main/")]
    [InlineData("/p/nowhere/tool")]
    [InlineData("/p/main/tool/")]
    [InlineData("/p/main/tool@")]
    [InlineData("/p/main/tool@1.0@2.0")]
    [InlineData("/p/main/%3Cscript%3E")]
    [InlineData("/r/nowhere")]
    [InlineData("/r/main/further")]
    [InlineData("/nowhere")]
    public async Task What_is_not_there_is_said_in_a_page_to_a_browser(string path)
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0"));

        await server.PageAsync(path, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_server_with_one_repository_without_a_namespace_has_short_urls()
    {
        await using var server = await Server.StartAsync([""]);
        TestPackage.Publish(server, "", new TestPackage("acme/tool@1.0"));

        var page = await server.PageAsync("/p/acme/tool@1.0");
        var start = await server.PageAsync("/");
        var repository = await server.PageAsync("/r/");

        Assert.Equal("acme/tool 1.0", Assert.Single(page.All("h1")).Text);
        Assert.Contains("/p/acme/tool", start.Links);
        Assert.Contains("/p/acme/tool", repository.Links);
        Assert.Equal(JsonValueKind.String, (await server.JsonAsync("/p/acme/tool")).GetProperty("data").GetProperty("name").ValueKind);
    }
}
