using Xunit;

namespace Pm.Packages.Tests.Documents;

public class PackageDescriptionTests
{
    const string Full = """
        name: acme/foo
        version: 2.10
        namespace: /darwin/amd64
        title: Foo, the frobnicator
        description: |
          Foo is the world's
          simplest frobnicator.
        licence: BSD-2-Clause
        homepage: https://example.org/foo
        developer: Acme
        developer-key: 0123456789ABCDEF0123456789ABCDEF01234567
        remote: https://example.org/r
        deps: [baz, bar@0.9.2]
        requires:
          qux: ^1.2
        categories: [tools]
        provides:
          - frobnicator
        commands:
          foo: bin/foo
        config:
          - etc/foo.conf
          - share/conf/
        units:
          food: bin/food --port 80
          fooer:
            command: bin/fooer
            restart: always
        ebpf: [lib/foo.bpf.o]
        """;

    [Fact]
    public void Every_field_is_read()
    {
        var d = Parse(Full);

        Assert.Equal(("acme/foo", "2.10", "/darwin/amd64", "Foo, the frobnicator"), (d.Name.Text, d.Version.Text, d.Namespace, d.Title));
        Assert.Equal("Foo is the world's\nsimplest frobnicator.\n", d.Description);
        Assert.Equal(("BSD-2-Clause", "https://example.org/foo", "Acme"), (d.Licence, d.Homepage, d.Developer));
        Assert.Equal(("0123456789ABCDEF0123456789ABCDEF01234567", "https://example.org/r"), (d.DeveloperKey, d.Remote));
        Assert.Equal(["baz", "bar@0.9.2"], d.Dependencies.Select(x => x.ToString()));
        Assert.Equal("^1.2", d.Requires[PackageName.Parse("qux")]);
        Assert.Equal(["tools"], d.Categories);
        Assert.Equal(["frobnicator"], d.Provides);
        Assert.Equal("bin/foo", d.Commands["foo"]);
        Assert.Equal(["etc/foo.conf", "share/conf/"], d.Config);
        Assert.Equal("bin/food --port 80", d.Units["food"]["command"]);
        Assert.Equal("always", d.Units["fooer"]["restart"]);
        Assert.Equal(["lib/foo.bpf.o"], d.Ebpf);
        Assert.Empty(d.UnknownFields);
    }

    [Fact]
    public void The_originals_example_is_read()
    {
        var d = Parse("name: foo\nversion: 0.1.2\nnamespace: /darwin/amd64\ndescription: Foo is the world's simplest frobnicator\ndeps: [baz, bar@0.9.2]\n");

        Assert.Equal("foo@0.1.2", new PackageId(d.Name, d.Version).ToString());
        Assert.Equal(2, d.Dependencies.Length);
    }

    [Theory]
    [InlineData("deps:\n")]
    [InlineData("deps: []\n")]
    [InlineData("deps: ~\ntitle:\nunits:\n")]
    public void An_absent_value_is_an_absent_field(string field)
    {
        var d = Parse("name: a\nversion: 1\ndescription: b\n" + field);

        Assert.Empty(d.Dependencies);
        Assert.Null(d.Title);
    }

    [Fact]
    public void A_block_list_of_dependencies_is_read() =>
        Assert.Equal(["baz", "bar@0.9.2"], Parse("name: a\nversion: 1\ndescription: b\ndeps:\n- baz\n- bar@0.9.2\n").Dependencies.Select(x => x.ToString()));

    [Theory]
    [InlineData("", "meta.yaml", "empty")]
    [InlineData("- a\n", "meta.yaml:1:1", "a list")]
    [InlineData("version: 1\ndescription: b\n", "meta.yaml:1:1", "`name` is missing")]
    [InlineData("name: a\ndescription: b\n", "meta.yaml:1:1", "`version` is missing")]
    [InlineData("name: a\nversion: 1\n", "meta.yaml:1:1", "`description` is missing")]
    [InlineData("name:\nversion: 1\ndescription: b\n", "meta.yaml:1:1", "`name` is missing")]
    [InlineData("name: [a]\nversion: 1\ndescription: b\n", "meta.yaml:1:7", "`name`: expected text, got a list")]
    [InlineData("name: A\nversion: 1\ndescription: b\n", "meta.yaml:1:7", "package name `A`")]
    [InlineData("name: a\nversion: 1 2\ndescription: b\n", "meta.yaml:2:10", "version `1 2`")]
    [InlineData("name: a\nversion: 1\ndescription: {b: c}\n", "meta.yaml:3:14", "`description`: expected text, got a mapping")]
    [InlineData("name: a\nversion: 1\ndescription: b\ndeps: baz\n", "meta.yaml:4:7", "`deps`: expected a list, got text")]
    [InlineData("name: a\nversion: 1\ndescription: b\ndeps: [bar@^1]\n", "meta.yaml:4:8", "`requires:`")]
    [InlineData("name: a\nversion: 1\ndescription: b\ndeps: [baz, baz@1]\n", "meta.yaml:4:13", "twice")]
    [InlineData("name: a\nversion: 1\ndescription: b\ndeps: [[baz]]\n", "meta.yaml:4:8", "expected text, got a list")]
    [InlineData("name: a\nversion: 1\ndescription: b\ndeps:\n- \n", null, "expected text, got nothing")]
    [InlineData("name: a\nversion: 1\ndescription: b\ntitle: \"x\\e[2J\"\n", "meta.yaml:4:8", "U+001B")]
    [InlineData("name: a\nversion: 1\ndescription: \"x\\u202e\"\n", "meta.yaml:3:14", "U+202E")]
    [InlineData("name: a\nversion: 1\ndescription: b\ntitle: \"x\\ny\"\n", "meta.yaml:4:8", "U+000A")]
    [InlineData("name: a\nversion: 1\ndescription: b\ncommands: {a/b: bin/a}\n", "meta.yaml:4:12", "name of a command")]
    [InlineData("name: a\nversion: 1\ndescription: b\ncommands: {a: ../bin/a}\n", "meta.yaml:4:15", "`..`")]
    [InlineData("name: a\nversion: 1\ndescription: b\nconfig: [/etc/a]\n", "meta.yaml:4:10", "empty segment")]
    [InlineData("name: a\nversion: 1\ndescription: b\nunits: {x: {restart: y}}\n", "meta.yaml:4:12", "`command:` is missing")]
    [InlineData("name: a\nversion: 1\ndescription: b\nrequires: [a]\n", "meta.yaml:4:11", "expected a mapping, got a list")]
    [InlineData("name: a\nversion: 1\ndescription: b\nrequires:\n  c: ^1 or ^2,\n", "meta.yaml:5:6", "column 4: expected a version")]
    public void A_wrong_field_is_refused_by_name_and_place(string yaml, string? where, string message)
    {
        var fault = Assert.Throws<PackageFormatException>(() => Parse(yaml));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(where ?? fault.Where, fault.Where);
    }

    [Fact]
    public void Unknown_fields_are_listed_with_what_was_perhaps_meant()
    {
        var d = Parse("name: a\nversion: 1\ndescription: b\nlicense: MIT\ncatgories: [x]\nfrobnicate: {a: b}\n");

        Assert.Equal("MIT", d.Licence);
        Assert.Equal([("catgories", "5:1", "categories"), ("frobnicate", "6:1", null)], d.UnknownFields.Select(u => (u.Name, u.Position.ToString(), u.Suggestion)));
    }

    [Fact]
    public void A_written_description_is_one_golden_text() =>
        Assert.Equal(
            """
            name: acme/foo
            version: "2.10"
            namespace: /darwin/amd64
            title: Foo, the frobnicator
            description: "Foo is the world's\nsimplest frobnicator.\n"
            licence: BSD-2-Clause
            homepage: "https://example.org/foo"
            developer: Acme
            developer-key: "0123456789ABCDEF0123456789ABCDEF01234567"
            remote: "https://example.org/r"
            deps:
              - baz
              - bar@0.9.2
            requires:
              qux: "^1.2"
            categories:
              - tools
            provides:
              - frobnicator
            commands:
              foo: bin/foo
            config:
              - etc/foo.conf
              - share/conf/
            ebpf:
              - lib/foo.bpf.o
            units:
              food:
                command: bin/food --port 80
              fooer:
                command: bin/fooer
                restart: always

            """,
            Sample.Text(Parse(Full).ToBytes()));

    [Fact]
    public void What_is_written_is_read_as_the_same()
    {
        string[] texts = ["x", "true", "~", "2.10", "- a", "a: b", "a #b", "\"q\"", "back\\slash", " lead", "trail ", "é\U0001F600", "*a", "null", "a\tb", "=", "NO"];
        foreach (var text in texts)
        {
            var d = Parse("name: a\nversion: 1\ndescription: b\n") with { Description = text + "\n" + text, Provides = [text.Replace('\t', ' ')], Licence = text.Replace('\t', ' ') };
            var again = PackageDescription.Parse(d.ToBytes(), "meta.yaml");

            Assert.Equal(d, again);
            Assert.Equal(d.ToBytes(), again.ToBytes());
        }
    }

    static PackageDescription Parse(string yaml) => PackageDescription.Parse(Sample.Bytes(yaml), "meta.yaml");
}
