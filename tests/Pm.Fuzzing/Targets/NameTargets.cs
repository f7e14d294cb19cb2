using Pm.Fuzzing.Gear;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Versions;

namespace Pm.Fuzzing.Targets;

/// <summary>Short texts: names, versions, dependencies, faults to inject.</summary>
static class NameTargets
{
    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("name", ReadName)
        {
            Seeds = Reading.Seeds("foo", "owner/name", "owner--name", "a.b_c+d-e", "@types/node", "Visual Studio Code"),
            Allowed = [typeof(PackageFormatException)],
            Words = Words.Version,
            MaximumLength = 4096,
        },
        new("version", ReadVersions)
        {
            Seeds = Reading.Seeds("1.2.3\n1.2.3-rc.1\n1.2.3+b", "2.10\n3.0_1\n1:2~rc1\n20240101", "v1\n1.0p1\n1.0a\n1.0.0-0.3.7"),
            Words = Words.Version,
            MaximumLength = 1024,
        },
        new("requirement", ReadRequirement)
        {
            Seeds = Reading.Seeds("^1.2.3-rc.1", ">=1.2, <1.5 || ~3", "1.2 - 2.3.4", "1.x || * || =2.0~git1", "1:2.3 <4 >2024-01-31"),
            Words = Words.Version,
            MaximumLength = 4096,
        },
        new("package-id", ReadId)
        {
            Seeds = Reading.Seeds("foo@1.0.0", "owner/foo@2.10_1"),
            Allowed = [typeof(PackageFormatException)],
            Words = Words.Version,
            MaximumLength = 4096,
        },
        new("dependency", ReadDependency)
        {
            Seeds = Reading.Seeds("baz", "bar@0.9.2", "o/bar@1.x"),
            Allowed = [typeof(PackageFormatException)],
            Words = Words.Version,
            MaximumLength = 4096,
        },
        new("package-path", b => PackagePath.Check(Reading.Text(b)))
        {
            Seeds = Reading.Seeds("bin/a", "x=y/é"),
            Allowed = [typeof(PackageFormatException)],
            Words = Words.Text,
            MaximumLength = 8192,
        },
        new("fault", b => WriteFault.Parse(Reading.Text(b)))
        {
            Seeds = Reading.Seeds("kill@1", "enospc@3+", "torn@12", "eintr@2"),
            Allowed = [typeof(FormatException)],
            Words = [.. Words.Text, .. Words.Of("@", "+", "eio", "kill", "torn", "edquot")],
            MaximumLength = 1024,
        },
    ];

    static void ReadName(byte[] bytes)
    {
        var text = Reading.Text(bytes);
        if (PackageName.TryParse(text, out var name))
        {
            Assert.Equal(name, PackageName.FromFileText(name.FileText));
        }

        if (PackageName.TryFromFileText(text, out var fromFile))
        {
            Assert.Equal(text, fromFile.FileText);
        }

        var imported = PackageName.Import(text);
        Assert.Equal(imported, PackageName.Parse(imported.Text));
        PackageName.Parse(text);
    }

    /// <summary>The order of versions is total, whatever they look like.</summary>
    static void ReadVersions(byte[] bytes)
    {
        var versions = new List<PackageVersion>();
        foreach (var line in Reading.Text(bytes).Split('\n').Take(5))
        {
            if (PackageVersion.TryParse(line, out var version))
            {
                versions.Add(version);
            }
        }

        foreach (var a in versions)
        {
            foreach (var b in versions)
            {
                Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
                Assert.Equal(a.CompareTo(b) == 0, a.Text == b.Text);
                Assert.All(versions, c => Assert.False(a < b && b < c && !(a < c), $"{a} < {b} < {c}, but not {a} < {c}"));
            }
        }
    }

    static void ReadRequirement(byte[] bytes)
    {
        if (VersionRequirement.TryParse(Reading.Text(bytes), out var requirement))
        {
            // The one way of writing has `, ` where a comma alone stood, so it may be too long to be read.
            var again = requirement.ToString();
            Assert.True(again.Length > VersionRequirement.MaximumLength || VersionRequirement.Parse(again).Versions.Equals(requirement.Versions));
            Assert.Equal(requirement.Versions, requirement.Versions.Complement().Complement());
        }
    }

    static void ReadId(byte[] bytes)
    {
        var text = Reading.Text(bytes);
        var isId = PackageId.TryParse(text, out var id);
        var parsed = PackageId.Parse(text);
        Assert.True(isId);
        Assert.Equal(id, parsed);
        Assert.Equal(text, parsed.ToString());
    }

    static void ReadDependency(byte[] bytes)
    {
        var text = Reading.Text(bytes);
        var dependency = Dependency.Parse(text);
        Assert.Equal(text, dependency.ToString());
    }
}
