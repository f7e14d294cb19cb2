namespace Pm.Cli.Tests.Machines;

/// <summary>What runs on a <see cref="KernelMachine"/> in a shell: the start, and the words that a script has.</summary>
static class GuestScripts
{
    /// <summary>The first process.</summary>
    public const string Start = """
        #!/bin/busybox sh
        /bin/busybox --install -s /bin
        export PATH=/bin HOME=/root
        mount -t proc proc /proc
        mount -t sysfs sysfs /sys
        mount -t devtmpfs dev /dev
        mount -t tmpfs tmp /tmp
        ip link set lo up
        stty -F /dev/ttyS1 raw
        cd /root
        sh /script.sh
        sync
        poweroff -f
        """;

    /// <summary>Makes the modules of <see cref="KernelMachine.WithModules"/> known, and loads none.</summary>
    public const string Modules = """
        mkdir -p /lib/modules/$(uname -r)
        cp /root/modules/* /lib/modules/$(uname -r)
        depmod

        """;

    /// <summary>Loads md_mod, and makes <c>/dev/md_test</c> of one disk in memory: what is flushed there goes through md_flush_request.</summary>
    public const string Array = """
        modprobe brd rd_nr=1 rd_size=4096
        modprobe linear
        echo md_test > /sys/module/md_mod/parameters/new_array
        cd /sys/block/md_test/md
        echo none > metadata_version
        echo linear > level
        echo 1 > raid_disks
        echo 1:0 > new_dev
        echo 0 > dev-ram0/slot
        echo 4096 > dev-ram0/size
        echo active > array_state
        cd /root

        """;

    /// <summary>
    /// <c>step NAME COMMAND…</c> runs it and reports it. <c>watch NAME EXPECTED WORK COMMAND…</c> starts a pm that runs an object, does the work when its
    /// programs are attached, waits for a line that holds what is expected, and ends it. Where that does not come within a minute, step <c>late</c> says what everybody is at.
    /// </summary>
    public const string Library = """
        report() {
          printf '@@ %s %s %s %s\n' "$1" "$2" "$(wc -c < /tmp/$1.out)" "$(wc -c < /tmp/$1.err)"
          cat /tmp/$1.out /tmp/$1.err
          echo
        } > /dev/ttyS1

        step() {
          name=$1; shift
          "$@" > /tmp/$name.out 2> /tmp/$name.err < /dev/null
          report $name $?
        }

        guard() {
          sleep 60
          {
            echo "$1 takes too long"
            cat /tmp/$1.out /tmp/$1.err
            for task in /proc/[0-9]*/task/[0-9]*; do
              line=$(tr '\0' ' ' < $task/cmdline)
              [ -n "$line" ] || continue
              echo "$(cat $task/comm): $line"
              cat $task/stack
            done
            dmesg | tail -n 30
          } > /tmp/late.out 2> /tmp/late.err
          trap '' TERM
          report late 1
        }

        watch() {
          name=$1 expected=$2 work=$3; shift 3
          mkfifo /tmp/o /tmp/e
          : > /tmp/$name.out; : > /tmp/$name.err
          "$@" > /tmp/o 2> /tmp/e < /dev/null &
          watched=$!
          guard $name &
          guard=$!
          exec 4< /tmp/o 5< /tmp/e
          while read -r line <&5; do
            echo "$line" >> /tmp/$name.err
            case $line in *" attached"*) sh -c "$work" > /dev/null 2>&1 < /dev/null; break ;; esac
          done
          while [ -n "$expected" ] && read -r line <&4; do
            echo "$line" >> /tmp/$name.out
            case $line in *"$expected"*) break ;; esac
          done
          kill $watched 2> /dev/null
          cat <&4 >> /tmp/$name.out & rest=$!
          cat <&5 >> /tmp/$name.err & rest="$rest $!"
          wait $watched
          code=$?
          kill $guard 2> /dev/null
          wait $guard 2> /dev/null
          exec 4<&- 5<&-
          wait $rest
          rm /tmp/o /tmp/e
          report $name $code
        }

        """;
}
