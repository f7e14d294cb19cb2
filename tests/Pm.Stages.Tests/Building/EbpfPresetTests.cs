using System.Text.Json;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Xunit;

namespace Pm.Stages.Tests.Building;

public sealed class EbpfPresetTests
{
    const string Head = "package = { name = 'tool', version = '1.0.0' }\n";
    const string Types = "typedef unsigned long long u64;\nstruct task_struct { int tgid; } __attribute__((preserve_access_index));\n";
    const string Modules = "module = [{ name = 'tool' }, { name = 'other', source = 'src/other.bpf.c' }]";
    const string Source = """
        #include "vmlinux.h"
        #include "tool.h"
        #define SEC(name) __attribute__((section(name), used))
        struct { int (*type)[4]; int (*key_size)[4]; int (*value_size)[4]; } events SEC(".maps");
        static long (*output)(void *context, void *map, u64 flags, void *data, u64 size) = (void *)25;
        SEC("tp_btf/sched_process_exec") int on_exec(u64 *context)
        {
        	struct task_struct *task = (void *)context[0];
        	struct told told = { .pid = task->tgid };
        	output(context, &events, 0xffffffffULL, &told, sizeof(told));
        	return 0;
        }
        char LICENSE[] SEC("license") = "GPL";
        """;

    [Fact]
    public async Task A_source_gets_the_types_of_the_kernel_and_its_events_are_known()
    {
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel does not say its types");
        using var sandbox = Sandbox();

        var built = await sandbox.BuildAsync();

        Assert.Equal(["bin/other", "bin/tool", "lib/bpf/other.bpf.o", "lib/bpf/tool.bpf.o", "share/man/man8/other.8", "share/man/man8/tool.8"], built.Package.Contents.Entries.Select(e => e.Path));
        var spec = BpfSpec.Parse(BuildSandbox.ReadBytes(built, "lib/bpf/tool.bpf.o"), "tool.bpf.o");
        Assert.Equal("told", Assert.Single(spec.Events).Type?.Name);
        Assert.Contains(spec.Extension!.Relocations, r => r.Type.Resolve().Name == "task_struct");
        Assert.Contains("\"task_struct\"", System.Text.Encoding.UTF8.GetString(built.Package.MetaFiles["meta/ebpf.json"].Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_built_leaves_no_trace()
    {
        Assert.SkipUnless(File.Exists("/sys/kernel/btf/vmlinux"), "this kernel does not say its types");
        using var one = Sandbox();
        using var other = Sandbox();

        Assert.Equal((await one.BuildAsync()).Package.Hash, (await other.BuildAsync()).Package.Hash);
    }

    [Fact]
    public async Task A_header_of_ones_own_goes_before()
    {
        using var sandbox = Sandbox();
        sandbox.Write("vmlinux.h", Types);

        Assert.Single(BpfSpec.Parse(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "lib/bpf/tool.bpf.o"), "tool.bpf.o").Events);
    }

    [Fact]
    public async Task What_comments_and_manifest_say_is_in_the_object()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool', events.events.type = 'struct told', fallbacks = [['on_exec', 'other_way']] }]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.bpf.c", "/// tells of \"programs\" – 100 %\n" + Source + "\n/// @cmdarg {\"short\": \"p\"}\n/// of one???\nconst volatile int pid = 7;\nSEC(\"tp_btf/sched_process_exit\") int other_way(void *context) { return pid; }\n");

        var spec = BpfSpec.Parse(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "lib/bpf/tool.bpf.o"), "tool.bpf.o");

        Assert.Equal("tells of \"programs\" – 100 %", spec.Notes.Description);
        Assert.Equal(('p', "of one???"), (spec.Notes.Flags["pid"].Letter, spec.Notes.Flags["pid"].Help));
        Assert.Equal(["on_exec", "other_way"], Assert.Single(spec.Notes.Fallbacks));
        Assert.Equal((EventSource.Manifest, "told"), (spec.Events[0].Source, spec.Events[0].Type?.Name));
    }

    [Fact]
    public async Task Macros_that_the_manifest_defines_are_told_to_the_compiler()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool', defines = ['ON', 'START=-7', 'PLACE=\"tp_btf/sched_process_exit\"'] }]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.bpf.c", Source + "\n#ifdef ON\nconst volatile int first = START;\nSEC(PLACE) int leave(void *context) { return first; }\n#endif\n");

        var built = await sandbox.BuildAsync();

        var spec = BpfSpec.Parse(BuildSandbox.ReadBytes(built, "lib/bpf/tool.bpf.o"), "tool.bpf.o");
        Assert.Equal("tp_btf/sched_process_exit", spec.Programs.Single(p => p.Name == "leave").Section);
        using var description = JsonDocument.Parse(built.Package.MetaFiles["meta/ebpf.json"]);
        Assert.Equal(["-DON", "-DSTART=-7", "-DPLACE=\"tp_btf/sched_process_exit\""], description.RootElement.GetProperty("modules")[0].GetProperty("compiled_with").EnumerateArray().Select(f => f.GetString()));
    }

    /// <param name="macro">What stands in the manifest.</param>
    [Theory]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("A B")]
    [InlineData("-I/etc")]
    [InlineData("A(x)=1")]
    [InlineData("__PM_OLD_MAPS")]
    public async Task A_macro_has_a_name_of_C(string macro)
    {
        using var sandbox = Sandbox($"module = [{{ name = 'tool', defines = ['{macro}'] }}]");

        Assert.Equal("PM2110", (await Assert.ThrowsAsync<Pm.Packages.PackageFormatException>(() => sandbox.BuildAsync())).Code);
    }

    [Fact]
    public async Task How_members_are_read_and_which_kernels_are_meant_goes_with_the_object()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool', events.events.readings = { pid = 'errno', args = 'strings', 'in.addr' = 'ip' } }]\nconstraints = { linux = '>=4.19' }");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.h", "struct told { int pid; struct { unsigned char addr[16]; } in; char args[8]; };\n");

        var built = await sandbox.BuildAsync();

        var spec = BpfSpec.Parse(BuildSandbox.ReadBytes(built, "lib/bpf/tool.bpf.o"), "tool.bpf.o");
        Assert.Equal(">=4.19", spec.Notes.Linux);
        Assert.Equal([("args", Reading.Strings), ("in.addr", Reading.Address), ("pid", Reading.Error)], spec.Events[0].Readings.Select(r => (r.Key, r.Value)));
        using var description = JsonDocument.Parse(built.Package.MetaFiles["meta/ebpf.json"]);
        Assert.Equal("{\"args\":\"strings\",\"in.addr\":\"ip\",\"pid\":\"errno\"}", JsonSerializer.Serialize(description.RootElement.GetProperty("modules")[0].GetProperty("events")[0].GetProperty("readings")));
        Assert.Equal(">=4.19", description.RootElement.GetProperty("modules")[0].GetProperty("linux").GetString());
    }

    [Fact]
    public async Task A_map_that_its_author_shows_to_nobody_has_no_events()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool', events.events.type = 'none' }]");
        sandbox.Write("vmlinux.h", Types);

        var bytes = BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "lib/bpf/tool.bpf.o");

        Assert.Empty(BpfSpec.Parse(bytes, "tool.bpf.o").Events);
        Assert.Equal("told", Assert.Single(BpfSpec.Parse(bytes, "tool.bpf.o", new Dictionary<string, string> { ["events"] = "told" }).Events).Type?.Name);
    }

    /// <summary>clang only warns of it, and no kernel takes what comes of that.</summary>
    [Fact]
    public async Task A_function_that_nobody_has_is_no_package()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool' }]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.bpf.c", Source.Replace("return 0;", "return bpf_get_curent_comm();", StringComparison.Ordinal));

        var e = await Assert.ThrowsAsync<StageException>(() => sandbox.BuildAsync());

        Assert.Equal(("PM7313", "tool: tool.bpf.c uses `bpf_get_curent_comm`, which nothing defines"), (e.Code, e.Message));
        Assert.Contains("is it spelled as in <bpf/bpf_helpers.h>", e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_clang_warns_of_is_told_with_its_place_in_the_project()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool' }]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.bpf.c", Source.Replace("return 0;", "int *wrong = 5; return *wrong;", StringComparison.Ordinal));
        var notes = new List<string>();

        await sandbox.BuildAsync(sandbox.Options with { Observer = new StageObserver { Note = notes.Add } });

        Assert.Contains(notes, n => n.StartsWith("tool.bpf.c:", StringComparison.Ordinal) && n.Contains(": warning: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("struct told { int pid; unsigned char data[20000]; };")]
    [InlineData("struct told { int pid; char gr\u00f6\u00dfe; };")]
    public async Task Events_that_cannot_be_shown_are_no_hindrance(string type)
    {
        using var sandbox = Sandbox("module = [{ name = 'tool' }]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.h", type + "\n");
        sandbox.Write("tool.bpf.c", Source.Replace("output(context, &events, 0xffffffffULL, &told, sizeof(told));", "output(context, &events, 0xffffffffULL, &told, 4);", StringComparison.Ordinal).Replace("struct told told = { .pid = task->tgid };", "int told = task->tgid;", StringComparison.Ordinal));

        var page = System.Text.Encoding.UTF8.GetString(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "share/man/man8/tool.8"));

        Assert.Contains("They cannot be shown", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flag_may_be_a_list_and_a_struct_is_none()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool' }]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write(
            "tool.bpf.c",
            Source + "\n/// @cmdarg {\"default\": \"80,443\", \"help\": \"these alone\"}\nconst volatile unsigned short ports[4] = {};\nconst volatile struct { int low; } limits = {};\n"
            + "SEC(\"tp_btf/sched_process_exit\") int other_way(void *context) { return ports[1] + limits.low; }\n");

        var built = await sandbox.BuildAsync();

        var page = System.Text.Encoding.UTF8.GetString(BuildSandbox.ReadBytes(built, "share/man/man8/tool.8"));
        Assert.Contains("ports NUMBER,...\\fR\nthese alone (at most 4 values with commas between them, each 0 to 65535; default: 80,443)\n", page, StringComparison.Ordinal);
        Assert.Contains("Cannot be set by a flag: \\fBlimits\\fR (struct {...}).\n", page, StringComparison.Ordinal);
        using var description = JsonDocument.Parse(built.Package.MetaFiles["meta/ebpf.json"]);
        Assert.Equal(
            ["ports True", "limits False"],
            description.RootElement.GetProperty("modules")[0].GetProperty("globals").EnumerateArray().Where(g => g.GetProperty("section").GetString() == ".rodata").Select(g => $"{g.GetProperty("name")} {g.GetProperty("flag")}"));
    }

    [Fact]
    public async Task A_page_names_types_as_the_source_does()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool', events.events.readings = { 'in.a' = 'ip' } }]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.h", "struct told { int pid; union { int one; unsigned char two[2][3]; }; const char **names; struct { unsigned int a; } in; };\n");

        var page = System.Text.Encoding.UTF8.GetString(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "share/man/man8/tool.8"));

        Assert.Contains("\\fBone\\fR\nint\n.TP\n\\fBtwo\\fR\nunsigned char[2][3]\n.TP\n\\fBnames\\fR\nconst char **\n", page, StringComparison.Ordinal);
        Assert.Contains("\\fBin.a\\fR\nshown as ip\n", page, StringComparison.Ordinal);
    }

    /// <summary>Nothing is compiled, so that nothing is needed for it.</summary>
    [Fact]
    public async Task What_was_compiled_elsewhere_is_taken_as_it_is()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool' }]");
        sandbox.Write("vmlinux.h", Types);
        var bytes = BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "lib/bpf/tool.bpf.o");
        using var ready = new BuildSandbox("package = { name = 'tool', version = '1.0.0' }\nmodule = [{ name = 'my_app', source = 'path/app.ebpf' }]");
        ready.Write("path/app.ebpf", "");
        File.WriteAllBytes(System.IO.Path.Join(ready.Project, "path/app.ebpf"), bytes);

        var built = await ready.BuildAsync();

        Assert.Equal(["bin/my_app", "lib/bpf/my_app.bpf.o", "share/man/man8/my_app.8"], built.Package.Contents.Entries.Select(e => e.Path));
        Assert.Equal(bytes, BuildSandbox.ReadBytes(built, "lib/bpf/my_app.bpf.o"));
        using var description = JsonDocument.Parse(built.Package.MetaFiles["meta/ebpf.json"]);
        Assert.Equal(("", "on_exec"), (description.RootElement.GetProperty("compiler").GetString(), description.RootElement.GetProperty("modules")[0].GetProperty("programs")[0].GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("module = [{ name = 'my_app', source = 'app.ebpf' }]", "text", "PM7306")]
    [InlineData("module = [{ name = 'my_app', source = 'app.ebpf' }]", "text that is longer than the head of an object", "PM7306")]
    [InlineData("module = [{ name = 'my_app', source = 'app.ebpf', fallbacks = [['a', 'b']] }]", null, "PM7314")]
    public async Task What_is_no_object_or_cannot_be_changed_is_refused(string modules, string? text, string code)
    {
        using var sandbox = new BuildSandbox("package = { name = 'tool', version = '1.0.0' }\n" + modules);
        sandbox.Write("app.ebpf", text ?? "");
        if (text is null)
        {
            // All that is looked at before it is read: class, machine.
            byte[] head = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 247, 0];
            File.WriteAllBytes(System.IO.Path.Join(sandbox.Project, "app.ebpf"), head);
        }

        Assert.Equal(code, (await Assert.ThrowsAsync<StageException>(() => sandbox.BuildAsync())).Code);
    }

    [Fact]
    public async Task What_is_compiled_for_another_kernel_need_not_run_on_this_one()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool' }]\nconstraints = { linux = '>=99' }");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("types.btf", "");

        Assert.Equal("PM7303", (await Assert.ThrowsAsync<StageException>(() => sandbox.BuildAsync())).Code);
        Assert.NotNull(await sandbox.BuildAsync(sandbox.Options with { TypesPath = System.IO.Path.Join(sandbox.Project, "types.btf") }));
    }

    [Fact]
    public async Task All_globals_are_described()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool' }]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.bpf.c", Source + "const volatile int flag = 7;\nint counted = -1;\nunsigned char table[5000] = { 1 };\nlong zero;\nstatic volatile int own;\nSEC(\"tp_btf/sched_process_exit\") int all(void *context) { return flag + counted++ + table[zero++] + own++; }\n");

        using var description = JsonDocument.Parse((await sandbox.BuildAsync()).Package.MetaFiles["meta/ebpf.json"]);

        Assert.Equal(
            [
                """{"name":"zero","section":".bss","type":"long","size":8,"default":"","flag":false}""",
                """{"name":"counted","section":".data","type":"int","size":4,"default":"ffffffff","flag":false}""",
                """{"name":"flag","section":".rodata","type":"const volatile int","size":4,"default":"07000000","flag":true}""",
                """{"name":"table","section":".data","type":"unsigned char[5000]","size":5000,"default":null,"flag":false}""",
            ],
            description.RootElement.GetProperty("modules")[0].GetProperty("globals").EnumerateArray().OrderBy(g => g.GetProperty("name").GetString() switch { "zero" => 0, "counted" => 1, "flag" => 2, _ => 3 }).Select(g => JsonSerializer.Serialize(g)));
    }

    [Fact]
    public async Task A_command_has_a_man_page_of_what_its_author_says()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool', events.events.readings.pid = 'errno', fallbacks = [['on_exec', 'other_way']] }]\nconstraints = { linux = '>=4.19' }");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.bpf.c", "/// Tells of programs.\n/// @details .Dots and \\backslashes are text.\n" + Source + "\n/// @cmdarg {\"short\": \"p\"}\n/// of one\nconst volatile int target_pid = 7;\nSEC(\"tp_btf/sched_process_exit\") int other_way(void *context) { return target_pid; }\n");

        var page = System.Text.Encoding.UTF8.GetString(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "share/man/man8/tool.8"));

        Assert.Equal(
            """
            .TH TOOL 8 "" "tool 1.0.0" "eBPF programs"
            .SH NAME
            tool \- Tells of programs
            .SH SYNOPSIS
            .nf
            tool [FLAG...]
            pm run [OPTION...] tool [\-\- FLAG...]
            .fi
            .SH DESCRIPTION
            Tells of programs.
            .PP
            \&.Dots and \ebackslashes are text.
            .SH FLAGS
            .TP
            \fB\-p, \-\-target\-pid, \-\-pid NUMBER\fR
            of one (\-2147483648 to 2147483647; default: 7)
            """, page[..page.IndexOf("\n.TP\n\\fB\\-\\-json", StringComparison.Ordinal)], ignoreLineEndingDifferences: true);
        Assert.Contains("\n.SH EVENTS\nIn map \\fBevents\\fR, of type \\fBstruct told\\fR:\n.TP\n\\fBpid\\fR\nint, shown as errno\n", page, StringComparison.Ordinal);
        Assert.Contains("\\fBother_way\\fR\ntp_btf/sched_process_exit, where the kernel refuses on_exec\n.PP\nFor Linux >=4.19.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tool.8", "")]
    [InlineData("share/man/man8/tool.8", ", files = ['share/**']")]
    public async Task An_authors_own_man_page_goes_before(string path, string files)
    {
        using var sandbox = new BuildSandbox($"package = {{ name = 'tool', version = '1.0.0'{files} }}\nmodule = [{{ name = 'tool' }}]");
        RequireCompiler();
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.h", "struct told { int pid; };\n");
        sandbox.Write("tool.bpf.c", Source);
        sandbox.Write(path, ".TH TOOL 8\n");

        Assert.Equal(".TH TOOL 8\n", System.Text.Encoding.UTF8.GetString(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "share/man/man8/tool.8")));
    }

    /// <summary>What the kernel gives to a program has structs within it, of which one is as long as the source's own.</summary>
    [Fact]
    public async Task What_came_with_the_kernels_types_is_no_event()
    {
        using var sandbox = Sandbox("module = [{ name = 'tool' }]");
        sandbox.Write("vmlinux.h", Types + "struct fred { int level; };\nstruct pt_regs { struct fred fred[2]; long ip; };\n");
        sandbox.Write("tool.h", "");
        sandbox.Write("tool.bpf.c", "struct told { int pid; };\n" + Source + "SEC(\"kprobe/do_exit\") int on_exit(struct pt_regs *regs) { return regs->ip != 0; }\n");

        var events = Assert.Single(BpfSpec.Parse(BuildSandbox.ReadBytes(await sandbox.BuildAsync(), "lib/bpf/tool.bpf.o"), "tool.bpf.o").Events);

        Assert.Equal(("told", EventSource.Size), (events.Type?.Name, events.Source));
    }

    [Theory]
    [InlineData("[[module]]\nname = 'a'\nsource = 'a.bpf.c'", "module `a`: there is no a.bpf.c")]
    [InlineData("[[module]]\nname = 'tool'\n[[module]]\nname = 'a'\nsource = './src/b.bpf.c'", "module `a`: there is no ./src/b.bpf.c")]
    [InlineData("[[module]]\nname = 'a'\nsource = 'a.c'", "tool: module `a`: a.c is not there, or no eBPF program in C")]
    public async Task A_source_that_is_not_there_is_named(string modules, string why)
    {
        using var sandbox = new BuildSandbox("[package]\nname = 'tool'\nversion = '1.0.0'\n" + modules);
        sandbox.Write("tool.bpf.c", Source);
        sandbox.Write("tool.h", "struct told { int pid; };\n");

        var e = await Assert.ThrowsAsync<StageException>(() => sandbox.BuildAsync());

        Assert.Equal(("PM7306", why), (e.Code, e.Message));
    }

    [Theory]
    [InlineData("", EventSource.Size)]
    [InlineData(", events.events.type = 'told, struct left'", EventSource.Manifest)]
    public async Task Events_of_two_types_in_one_buffer_are_both_known(string said, EventSource source)
    {
        using var sandbox = Sandbox($"module = [{{ name = 'tool'{said} }}]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.h", "struct told { int pid; };\nstruct left { int pid, code; };\n");
        sandbox.Write("tool.bpf.c", Source + """

            SEC("tp_btf/sched_process_exit") int on_exit(u64 *context)
            {
            	struct left left = { .code = 1 };
            	output(context, &events, 0xffffffffULL, &left, sizeof(left));
            	return 0;
            }
            """);

        var built = await sandbox.BuildAsync();

        var events = Assert.Single(BpfSpec.Parse(BuildSandbox.ReadBytes(built, "lib/bpf/tool.bpf.o"), "tool.bpf.o").Events);
        Assert.Equal((source, "told left"), (events.Source, string.Join(' ', events.Layouts.Select(l => l.Name))));
        using var description = JsonDocument.Parse(built.Package.MetaFiles["meta/ebpf.json"]);
        Assert.Equal(
            $$"""{"map":"events","type":"told","size":4,"layouts":[{"type":"told","size":4},{"type":"left","size":8}],"known_by":"{{source}}"}""",
            JsonSerializer.Serialize(description.RootElement.GetProperty("modules")[0].GetProperty("events")[0]));
    }

    [Theory]
    [InlineData("fallbacks = [['on_exec', 'missing']]", "", "`fallbacks`: tool.bpf.c has no program `missing`")]
    [InlineData("events.events.type = 'struct missing'", "", "`events`: lib/bpf/tool.bpf.o: map `events`: there is no type `struct missing`")]
    [InlineData("events.missing.type = 'told'", "", "`events`: lib/bpf/tool.bpf.o: there is no map `missing` that carries events")]
    [InlineData("events.events.readings.pid = 'hex'", "", "`events.events.readings`: pid: there is no reading `hex`")]
    [InlineData("events.events.readings.pid = 'time'", "", "`events.events.readings`: struct told has no member `pid` that can be read as time")]
    [InlineData("events.events.readings.missing = 'ip'", "", "`events.events.readings`: struct told has no member `missing` that can be read as ip")]
    [InlineData("events.missing.readings.pid = 'ip'", "", "`events.missing.readings`: there is no map `missing` that carries events; those that do are events")]
    [InlineData("version = '1'", "/// @cmdarg {\"reading\": \"errno\"}\nconst volatile int pid;\n", "tool.bpf.c:1: comment: `reading`: expected ip or signal, got `errno`")]
    [InlineData("version = '1'", "/// @cmdarg {\"reading\": \"signal\"}\nconst volatile char word[12];\n", "variable `word`: const volatile char[12] cannot be read as signal")]
    [InlineData("version = '1'", "#define SEC(name) __attribute__((section(name), used))\n/// @sample {\"interval\": 5, \"type\": \"log2_hist\"}\nstruct { int (*type)[1]; int (*max_entries)[8]; int *key; int *value; } counts SEC(\".maps\");\n", "tool.bpf.c: `@sample`: ")]
    [InlineData("version = '1'", "/// @cmdarg 7\nconst volatile int pid;\n", "tool.bpf.c:1: comment: `@cmdarg`: expected an object")]
    [InlineData("version = '1'", "/// @cmdarg {\"default\": \"many\"}\nconst volatile int pid;\n", "tool.bpf.c: lib/bpf/tool.bpf.o: variable `pid`: its `default`: expected -2147483648 to 2147483647, got \"many\"")]
    public async Task What_cannot_be_is_refused(string said, string comment, string why)
    {
        using var sandbox = Sandbox($"module = [{{ name = 'tool', {said} }}]");
        sandbox.Write("vmlinux.h", Types);
        sandbox.Write("tool.bpf.c", comment + Source);

        var e = await Assert.ThrowsAsync<StageException>(() => sandbox.BuildAsync());

        Assert.Equal("PM7314", e.Code);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("module = [{ name = '../evil', source = 'tool.bpf.c' }]")]
    [InlineData("module = [{ name = 'a b', source = 'tool.bpf.c' }]")]
    [InlineData("module = [{ name = '-rf', source = 'tool.bpf.c' }]")]
    [InlineData("module = [{ name = 'a', source = 'tool.bpf.c' }, { name = 'a', source = './tool.bpf.c' }]")]
    [InlineData("module = [{ name = 'a', source = 'with\"quote.bpf.c' }]")]
    public async Task A_name_that_is_none_is_refused_before_anything_is_run(string modules)
    {
        using var sandbox = new BuildSandbox("package = { name = 'tool', version = '1.0.0' }\n" + modules);
        sandbox.Write("tool.bpf.c", Source);
        sandbox.Write("with\"quote.bpf.c", Source);

        Assert.Equal("PM7306", (await Assert.ThrowsAsync<StageException>(() => sandbox.BuildAsync())).Code);
    }

    static BuildSandbox Sandbox(string modules = Modules)
    {
        RequireCompiler();
        var sandbox = new BuildSandbox(Head + modules);
        sandbox.Write("tool.h", "struct told {\n\tint pid;\n};\n");
        sandbox.Write("tool.bpf.c", Source);
        sandbox.Write("src/other.bpf.c", "__attribute__((section(\"xdp\"), used)) int pass(void *context) { return 2; }\n");
        return sandbox;
    }

    static void RequireCompiler() =>
        Assert.SkipUnless(Linux.ProgramPath.Find("clang", Path) is not null && Linux.ProgramPath.Find("llvm-strip", Path) is not null, "there is no clang or llvm-strip");

    const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}
