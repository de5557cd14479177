"""In which months tenants begin to be billed: how many a month is still open for follows from it."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        -- A tenant's first month, as domain/scheduling.py has it: in which it was made, or used before it was ever billed.
        CREATE FUNCTION tenant_begins(t tenants) RETURNS date LANGUAGE sql STABLE AS $$
            SELECT coalesce(
                (SELECT min(month) FROM billing_months WHERE wallet_id = t.id),
                least(date_trunc('month', t.created_at AT TIME ZONE t.billing_zone)::date,
                    (SELECT min(month) FROM usage_totals WHERE wallet_id = t.id)))
        $$;
        -- Signed changes of how many tenants begin in a month, of those that there are; as month_changes are kept.
        CREATE TABLE tenant_changes (
            month date NOT NULL,
            currency text NOT NULL,
            zone text NOT NULL,
            number bigint NOT NULL
        );
        CREATE FUNCTION count_begun() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO tenant_changes SELECT tenant_begins(t), n.currency, n.billing_zone, count(*)
                FROM new_rows n JOIN tenants t ON t.id = n.id WHERE n.closed_at IS NULL GROUP BY 1, 2, 3;
            RETURN NULL;
        END $$;
        CREATE TRIGGER tenants_counted AFTER INSERT ON tenants REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_begun();
        -- What was closed for a tenant that is deleted is GONE: it says nothing of those that there are.
        ALTER TABLE month_changes DROP CONSTRAINT month_changes_what_check;
        ALTER TABLE month_changes ADD CONSTRAINT month_changes_what
            CHECK (what IN ('CLOSED', 'GONE', 'PENDING', 'PAID', 'DUE', 'VOID'));
        CREATE FUNCTION count_moved() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO tenant_changes SELECT tenant_begins(c.tenant), (c.tenant).currency, (c.tenant).billing_zone, sum(c.number)
                FROM old_rows o JOIN new_rows n ON n.id = o.id
                    AND (n.billing_zone, n.created_at, n.currency, n.closed_at)
                        IS DISTINCT FROM (o.billing_zone, o.created_at, o.currency, o.closed_at)
                CROSS JOIN LATERAL (VALUES (o::tenants, -1), (n::tenants, 1)) AS c(tenant, number)
                WHERE (c.tenant).closed_at IS NULL GROUP BY 1, 2, 3;
            INSERT INTO month_changes SELECT m.month, n.currency, 'GONE', count(*), 0
                FROM old_rows o JOIN new_rows n ON n.id = o.id AND o.closed_at IS NULL AND n.closed_at IS NOT NULL
                JOIN billing_months m ON m.wallet_id = n.id GROUP BY 1, 2;
            RETURN NULL;
        END $$;
        CREATE TRIGGER tenants_recounted AFTER UPDATE ON tenants
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_moved();
        -- Used in a month before the one in which it was made.
        CREATE FUNCTION count_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM new_rows) THEN
                RETURN NULL;
            END IF;
            INSERT INTO tenant_changes SELECT c.month, b.currency, b.billing_zone, sum(c.number) FROM (
                    SELECT t.currency, t.billing_zone, tenant_begins(t) AS now, least(
                        date_trunc('month', t.created_at AT TIME ZONE t.billing_zone)::date,
                        (SELECT min(u.month) FROM usage_totals u WHERE u.wallet_id = t.id AND NOT EXISTS (
                            SELECT 1 FROM new_rows r WHERE (r.wallet_id, r.month, r.service, r.price_id)
                                = (u.wallet_id, u.month, u.service, u.price_id)))) AS before
                    FROM (SELECT wallet_id, min(month) AS month FROM new_rows GROUP BY 1) AS n
                    JOIN tenants t ON t.id = n.wallet_id AND n.month < date_trunc('month', t.created_at AT TIME ZONE t.billing_zone)::date
                        AND t.closed_at IS NULL
                    WHERE NOT EXISTS (SELECT 1 FROM billing_months m WHERE m.wallet_id = t.id)
                ) AS b CROSS JOIN LATERAL (VALUES (b.before, -1), (b.now, 1)) AS c(month, number)
                WHERE b.now < b.before GROUP BY 1, 2, 3;
            RETURN NULL;
        END $$;
        CREATE TRIGGER usage_totals_earlier AFTER INSERT ON usage_totals REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION count_earlier();
        INSERT INTO tenant_changes SELECT tenant_begins(t), t.currency, t.billing_zone, count(*)
            FROM tenants t WHERE t.closed_at IS NULL GROUP BY 1, 2, 3;
        INSERT INTO month_changes SELECT m.month, t.currency, 'GONE', count(*), 0
            FROM billing_months m JOIN tenants t ON t.id = m.wallet_id WHERE t.closed_at IS NOT NULL GROUP BY 1, 2;
    """


async def downgrade(db: BaseDBAsyncClient) -> str:
    return r"""
        DROP TRIGGER usage_totals_earlier ON usage_totals;
        DROP TRIGGER tenants_recounted ON tenants;
        DROP TRIGGER tenants_counted ON tenants;
        DROP FUNCTION count_earlier();
        DROP FUNCTION count_moved();
        DROP FUNCTION count_begun();
        DELETE FROM month_changes WHERE what = 'GONE';
        DROP TABLE tenant_changes;
        DROP FUNCTION tenant_begins(tenants);
    """


MODELS_STATE = (
    "eJztXWtz2ziy/Ssof5lMlcblyI7jO7O1VXLibDRx7CnH2ezs3i0OJEISrilAw4cdz0z++w"
    "X4foA0CckyRPeXxCbRIH0aBLpPNxp/7i25TRxvf7Si1/yGsL0f0Z97DC+J+KFyb4D28GqV"
    "3ZEXfDxxwsZ4RS1fNgsv44nnu3jqizsz7HhEXLKJN3XpyqdcPmXvF+IuqeeJ3zw04y7CaO"
    "XyuYuXA3RH/QVliDOCfMIw85G4H1/EjrMvH2DzqXgCZfMN9BUw+ntAxNvPib8grujxP/8V"
    "lymzyVfiJb+ubqwZJY5dgIjasoPwuuXfr8Jrnz+P374LW8r3nFhT7gRLlrVe3fsLztLmQU"
    "DtfSkj780JIy72iZ0DjgWOE6OcXIreWFzw3YCkr2pnF2wyw4Ej4d/72yxgU4k6Cp8k/zn6"
    "e/xquWaWdXF5bX06u7asvYq25CuUQI8vTQXmQtOU+RKoP79F/WaAhFf35APevB9dvTg8/j"
    "6EgHv+3A1vhnDtfQsFsY8j0RD0DOXw/wrO1+Srr8Y5aV9CWryoDsbJhQzkbEgn8CUAbRfS"
    "67N/Xcuel573uyMvXPxzdBXi/HH0rxDo5X185/zy4h9Jcy6+zOijvXhzfnkagp+Bvco+pi"
    "rmP3+6vFBjXhIrQW/TqY/+Qg71/H6pQALSrIIy2qXhLzuoqMAlM/q1iv6bBXZr0E8lejHm"
    "95b4q+UQNvcX4teXxw0KSOB+eVxGO74zDG8VAQ4XKmuBvUUV5FPKsHuvhrkoV4J6cu8Tbw"
    "fBbgD3NB6w6egWmJ6OL0ZXv6pnmFPFAD/99fpsVMJ/6hKJjzW57zKtF6V6MdC3PbknEGK/"
    "CvxbccenS9IMfiRZnt5j0f3kh56pYvzx7NP16OMvBX28HV2fyTvDgi6Sqy/K81HaCfoyvn"
    "6P5K/o35cXZ+XvJW13/e89+U448LnF+J2F7TwmyeXkUkHN5OuKiu401FyU3ICaY4MUtLx5"
    "LTvY863A0/qcy7KgaZM17ZJbYXno6LkoCVo2WctLfENcqxulkJdZg1jYHa0+SCPkrPyQ8O"
    "kIaEEIEP32TXJfsxslLxNhVUX3HXcJnbMPJHKjxuJNMJuqKJmYYrxOO9pJVLOr2Su6+C7l"
    "C4uDSvz54o8mfgjAlZg1rsZvrveqM8EGcP3skTZe0Y6imp/7akCVg3eCpzd32LWtwiiWd/"
    "iQl66kbau3lsNl+QpmeB7CI/8O+dYx7J9ISITtKcj05NagiUv3SEakPcykj5AnBgWxf6AM"
    "CYvO3UeXzLlHGN2Qe2IjyVYgPkPU91DIXyDqiVsrv8qjr9UTsOgGTNaDBhYdSK+nJb2EJS"
    "juKkj1esYrJwJ0lwbdJScxS8zRKiOlHvWiFAAPPCN4rMbzjKDmRyYaPSKsAE2iMScLqjZa"
    "1URAqDNt5+WAZTRZw6F1083jyols0u0yV6n6lFjgbZO4MRTSB5mb3IAyi7gRShqzke+T5S"
    "rORCnzN8UWg0YaR7S1qFz4cq0fpHO+LLAvqRZxnzrERo5Qv3OPZi5fIsxQ7BIOkkRHMXhE"
    "J+LnCfcX++h6QSRbI5mZMm1zt6DTRZX02cLz1qCGRJfd2IpYYFM0xcPUUB9IinrSSA6KwC"
    "UK1mLMatznvEhJDbQVyW/arCbeV/z3w/Dl0eujk8PjoxPRJHzR9MrrBk2NL65LzjEjX30N"
    "EysnBka00SaWmCrnXEz6Ov5SWRZUbZyqK+bf0xgrcdBUYaRk4dR64yQKSbYNMTGx4s8xox"
    "4OYyC+tBnEkj+hjjAZ9tHY99AdFj9HloQMEAm/oBpf0u4GgksGuD1NdgJs0dgmuy4+5yrY"
    "9bsDkvabAftJTeLH3hkgBixxGXaUDEk9wiUxLaAN47yKSA9fvWoBtWhVi3V4rzSOA9clbK"
    "rw8BrGck6mF5NHEefDFigf1mJ8WEZYrqzi4dYfwmvvgnJZrodIHx+1gPr4qBZreasI9ly0"
    "IpaN77t4y0Uh8JcV/vKMipmV/hHajF3hVcoCygqUk09eeAr43lrwwO2Cc400IK1AWrha9F"
    "YxHZ9y7hDMalKBUqEytSmkHgvUxLLbMrd5eXlesJlPx2Wj+PPH0zNh2YWTs2hEo/BBFeqp"
    "w/X2xxQEIaBpGgUDuUbPTs1yhdHJNMrLgYqNU3EHMjW3gqbFZhQ2ymks/O7DlTBG/DjbXh"
    "1nz9e22ckZvBJqr+R6rIlQv7aQFNCJqOZ1h9CXsJe+QkQmC85vLMLsFZeS64IV9XcWd9cj"
    "1B4z0hN+g4o4T/Jt1kd50gmgzTailWjL2U9oQhzO5nKPD8K5qlniV8YZaR/t2UCHEPcxPO"
    "4T5gN1YRZTgR5SipsPR0BYbYthNbLE1OmCdirQh3jPttF2udNp4kja92JoP/a8scKed8eF"
    "3aHe7lk/pCuCMLS7D20geIHgNXjI7wItBATvs1MzlOuBcj1bQXUj5Xq60dTAUjeQjEm5mz"
    "VRypXW2c1ZvBmlW7KgYlZeE6R/Rr30FSSg9LdOTo8Cm/pnzHfv91SHR2R3B43HR8h2FhEN"
    "KWlNWE8XmM2J3GsoVixf/BD4HrUJ8hck5pO975DD556KnO4mDES0AbbNoIGITgz4Lu5BIg"
    "OOgdGOgZgFuGJTfUPZrESgF1zhU7BX0erYAW/1egqAtwHcCyb/R6Zqz7ce9KIUAK8B/ITM"
    "hOtbBb3+lJtMYq0Dbsy0G1W4P8r5Nnjmq6qk1MOeCgDq3VA3ZKty4nUqHIScQ1rvHeR935"
    "YVVHCcfYJsl94ShQdQ2wpMfcNNfZfMqXxKVzOlLAdrpsaaCRkpUEbVdFXsmoMLJfmgJN9T"
    "x7xMLckXc/EKyzFj6esNx5jIbWc3jsO8Y1mQRmYg8zuh5++8ffSbz33soP8NhsPjV8jh0x"
    "tiJ78d/BZVvnvz/uzNh58QXvJA4I6wS9CSMu4iMQx8hfH5uI8CC9aAGanJgoXCF49d+CJB"
    "yyJfV5wpDwD4tBSTQ+2GdmUHfdrOfjh8fZzuZJe/NG1i//RxdH5ezb4Lp6sqsqd0XotrKr"
    "I9LA8eF8j/GQ4PD18PDw6PT14dvX796uQghbV6qwnk0/E/JMSFIV7FPFoVuoGeyQDqeqjb"
    "gSqftwHyWADw1sP7lriekt5pwjwnBLjr4d79eCg4GGrdg6GEPWt7VjRH61SMrYpDPrvJdI"
    "/wdQPs6CtcJQ8aN1njUlU6tUvycqBhkzUcFmenIYmoV9g9JwuaNlnTEJN5FmoOVrammouS"
    "oGaj1Qz7R/uvY9hYuJl4hgEB696gCds0t7NNszxqNwBrvyrilUE1NQ/gPS9FqvPXB005AA"
    "su+x+0yQA4jyLuS87IfVSWjAXLCXFl5F3uC4sJZrlpTMbt31+ev91HYuT8iF5EmQYCuUEs"
    "83016r/57teI9Kc9dpnFC0IQ9+98Sk6oum5BjUymT9HnLYc1omyZbsBnMgC8NvBTvPIDt2"
    "u8Oi8FkTw95OWu5kCxEb4+wyiT6GF+0UmL/KKT2vyik+o5USsq5n2dk9ILksAcmMwcUHbL"
    "6bRj5kdOSGvuMkyfT7RuAMve1w/MkD2JlysSbwVTeJXZzUGTa8mTZi39y0tGkEvEKPL86P"
    "DTJb9NHMIB4mxK5H7EpBY2FY14MF3Io1ErXiC1FQ7mI/QPueSG+5Rm+fHmzo0d6O0b8fZV"
    "NOv3OCbte2E2P0G5Eajusj24qU2WK+6HWxtuSKcdKArRPlSH3sJBt5StAr+mFndTbm1RTj"
    "PD1jC4nyDBdoJlqF5Ap5VVrpIGRlDbs5tR1/P1NFERBTXobyPCulooS4ISgOUAlqOJRlxw"
    "Vc2Ueu8saQ+JMsZUsLp2MfOiOofSM9lTcEblJoMm5sjPGlu+aN265m3uAsLMDhMFPOz4Az"
    "Qhaf1ah8+RxyMKiPpoipm4i8R48ZRcTzyZKwilLTwPUhiM++YGDXTT7mzM7J214MezSlui"
    "JGkPPIlOUVYxx3Vz1hMJ2AhbRrzJTzdkfY+KCeWWcNUKX23UuMbHK01uqW+9yjuUhaXpcR"
    "yr+c6Ta+wAiYcRZv/AmXPfcR3fQI+wUu/USg1b+bczg+1m2YreWUdpLL7jLFOWg2ho2eyU"
    "SFQArQ8TJe17YXY+ahKhS7CnmiwaDsFNJXqI7vCgTeTtoD7wdlAGGNK+n7RImaWDf0UU1K"
    "CtBluY6zo6KMqBAvQpG1nt0Ko57+LBMolW3bkXoILuU1F3HZQlQQnrTUTdNVAQA/j1cy6g"
    "wtyzCjhDhbnnpnGoMNd3DUOe9HbzpGHr31OVII4rerSHPZEAzHUxd4kMQigPl2/APS8F2G"
    "sngUqehbgr7PqK7Rj1gYuyHGQLlnzO7OEaWy9U0rABQzMsCnnOz8JEzUKpXTOeq5IwmxmT"
    "G/WLK21aRT5UdGPQlAO1kk1apj2p9qAPUPo7mhABc5hvHFX++877CUVKLkh5xL0VDx0gMp"
    "uRqU9viTVz+VKRFbWNB8L+eQM+pAGC/fNbtLziD6IKaEPtqUykF3RFMbPh+KhFZsPxUW1m"
    "g7xVqsDLqMKWqsc3ad9DcA+HLcA9HNafHTgsgxuuY13QTQV6CO/L4xbwviybnRm88lZ17F"
    "orVzlDvCVTusRO/SDOBMvOQCS5H/fQKzvx7dmb8cfR+Yvh68HLaCALs59GhXkTFRxVsp+K"
    "5khXz6sqDd6X0d4XONnPQs0zR6XgxrIJjlKxQNG2pmhXwo8WvrHl0T+6rlll0ee4ag0Hx6"
    "0XLZ8SVxGG+PnT5UVNplwiUEaWTn30F3Kot4PDvAFViURztLMc2CxNQrKDcrRzSRldBgob"
    "oWleyQlBkeb2E4shrN5nT1w/uyVMWcwgd3fQxO8Fsp1FZENdlu+G3H+/j34LD8367ceQbp"
    "s6VHSIPExtdLcgTBYV4NPwSHa7BY2n0yNsbtz+VLYGa9exdN065epMM2a3UK8OCLxHJ/B+"
    "DzDzqSri32hO5sXWNiVNw7yNLfmygy2ZTPAaLnFJFHxio33icKVXGK+cOwSzmgSPRKac1S"
    "GE+qXO08vL84ImT8flBMjPH0/Prl68LH1ZVUd4yZmvSKSR31IdMx4LNH1B/YJbfhGVFC8x"
    "l0z9Tqex5GWgzG4rs0XgxV1ba74vicJ8b9x8b5LbfC13Z+7Vuc3R3cHDbnO4ybOl2/xF1t"
    "a7wx4KPGJHhXxikxtRJn4JJ1oUiLHlIs4ICsNkioo+YbtczkrYzlKeJrGdR4Ljvf0Pfg3H"
    "GywALQsAPOpH96iTaaXLZJCXgTQuoCi2TlFMqFiNbEsTaoX00yD+WFGZTcPtiL9bF+yKLE"
    "DdmH2UxoTaRxQzGSj2sIsxxVMxHwlA3mHqBC7ZUzhIpRaNTtIkamvNosati6dGyfpRNXKM"
    "3IChKQ8cGzHuI9nnICxkfrdIC56KJqGjkroGygqqm+p2DYcn6rGLgZNJgKsDOwOe3KRcEk"
    "8yH1VA68sY5ER64QZto5CBWcvBx5ABqF8MPiYMwcNLQUgmtF4Ipg73ouNPJf90R/1FeHwF"
    "+Srk0ITLqkZ1dJVyBVi7P+C6DJydgOvaNNflY9fXKUZUEIQQjHEhmIJ7J0vCdVdxTgwUbL"
    "SCTfE1zFVpB7sXqkk9WXWd0GbT2RSVF4S5yri5yiwf5ypge/Uejrw7aOPfiCm0pXdzyQhy"
    "iRhJno98HhJQSUi+6ro81BiKVBixXoAnsmFPBGpmPjrVVDygUDLkiphPfZn7TKJPEZ/hy6"
    "PXRyeHx0epaZNeabJoFHXTOVMYjfX10uPmvdmOtzEgo1LWHaDMBADMMpghT6NlVBclwao2"
    "zqouVBqgjHoLvRMDiqJQWdxkPUeLsEVtxco9cl1cUyG1KFZSce+23Usj/T//LZMLgeupDM"
    "yGor2pBBS4LGJ5x129wyoKgjDTmDzTeFOxJgRO5716Bbkt7tdLr+zUhj3jmLFRdJRcIz82"
    "So+ba8WSxcfTddk8E+VsLbCHorRZ5HHR3o32soS7fdm0kruVXK/bHrOBTiEfzKgVqZ6ES9"
    "TWhVDKywCnpH8OS8dE4rxUn4ilLQfPojlNYZA9vClBZYw9h90fhyeDg9Y58gI0h0yVtQsa"
    "IS7IAcoKlA2xgcZxCF9h+oyz6H69xZOfxzRKa4VHxHwv32o5Ia6wTmTOIg98NMcrT9ooMn"
    "0x8uNblNXq2htkO+6WedP9nOgpHBG99hoLoV3dJFM/6FRQJZPohSFe3E590mI39UntZuqT"
    "ShXWpIRF+7kgFYG5QHsuoJ4XaHGgBUEIqxlNgsJRvX3X8Iwy7NA/iI6Wy7KgaZM1DWfVPk"
    "UxfqqzRObE4Jsy+Zu65VSvhl9BEHRsso5dIllixczZFAXOhCAEvBsh4JjjPKesiQINbw9a"
    "0KCWI1quxYUOkBjJVLZpcxyoUgRYze1/DcBq7pyRFn8zVeRrYc+L9An5jaVd34i/owvhmb"
    "QHuvMhuhOqcz56dU4Ic2iFOaAGZzcEdSoVwnm02jB3Oo8W6sI8A88e6sL0XMF42d2jymT6"
    "ZNhv26WC+ubrUwWGEGNfyGTB+c3I98lypdwZUWoxaKLH7qK2Yv4MG3evIJJsUBA901vi3o"
    "fsV5Tmp+DJugiuwZbl+uwy5EtiwJh1Zcwi9XUgbjKBPs3uG6NtEpulizmUyIAtZLQtFKUU"
    "Cr3ZXap0lKR6lAmwsW+GuG63wj2pQB+Oytv2His7ENiId7SWcoOlR8TrqGoB1JedqZOH9c"
    "CseGxsVL6NTaQGuzNt0srwjG0u2v6MhriqO5pxF2GGhPu/4gLwH8M9JCt873BsI+zJY9qp"
    "hzwi47DyeIUFv0Ph/lo/3HQ75WIxrBiom+8eCuQZbrSGJ8dEgHVZNQpSvYjjbHvtiD+mLq"
    "jnRAByDcjrtr7UI96zrS/bBtxPVraW9lDaHuwfhW2fZ6laApoXAUwVmDLx6Sf0n0b0RSEO"
    "+bMmEw8OwbI4ecB8qsiifWAfUUkWNG2ypqcuwXq1NouSwCQarebYg9ZSdFkWPmiTNZ1wER"
    "3DWiUxCOaqWLUqylWI33GX0Dn7QKKypmPxLpgpM7iKjNhZrsfdRDi7mn3hLr5LOavyGBNQ"
    "CABIlNZ1JQb+1fiNMDyflLpMtVBPXeYV9TB1mfzNrZnLz1fn0RmwC4JdD/EZik4tHsgfOS"
    "PJObHclRew4+yjsS85RrEei/+xSxBhU/d+JYaPirrceP/AXRowVQ0auMvAVdjw9WRO3ByY"
    "HJ1IV+41O0BeEgPoNaDPuPZuZcZLcnp1xncM/EqhcbEmCRO/ilvjftlMaIv7ZZ8GtDW3yx"
    "b3AsmFVAE1ZditGaOZTBnpez8atj2CWn7aeajF3HA6vhhd/aqeHZL2+UXx9Nfrs1EJdy6e"
    "pIN9UU4T/93xdx8ffj1WUSUPRITJRAQwi89CzTNMw6L5HmXKDW7N1ajKwvBJm6zrOWdE43"
    "vOiYF+TdZvRMdpxgjIRqds0PLjn8fVhXwrCMHZUo3BgQirDYQGrtOOdhLVBwMChUHVORyQ"
    "K3xUyRNWnecRd/LuwxVxcA3XVp+lvJsmZkUF3x4ziDIS2E8Xe4rYSXxn0BQywVmbh+Ik9T"
    "BsOBpRfwJMyyqb8bBfLwphfKZYffBBfD6ekg2vL32TE+kFE14sfTN89apF7RvRqrb4TXiv"
    "xN+Kj6oDwnHzHqL78uCgBbqiVS264b3yMTpMrFSKBf3nT5cXNRRGJlI2hunUR3+h/gUWJB"
    "jNUZ1yAKdkWMkOTp96M9O3/wfACf21"
)
